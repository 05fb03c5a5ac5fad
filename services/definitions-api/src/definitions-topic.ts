import { type Bus, readCompacted } from '@millrace/bus';
import { type Codec, topics } from '@millrace/messages';
import type { Logger } from '@millrace/runtime';

/** What a new reader of `workflow.definitions` would end with: by key the version of the last record, null for a tombstone. */
export type TopicState = Map<string, number | null>;

/** Of a record that can't be read: no version is that. */
const unreadable = 0;

interface ReadOptions {
  bus: Bus;
  codec: Codec;
  logger: Logger;
  signal: AbortSignal;
}

/** Reads the topic to its end as of the call. The last record of a key counts, not the highest: compaction keeps nothing else. */
export async function readDefinitionsTopic({ bus, codec, logger, signal }: ReadOptions): Promise<TopicState> {
  const state: TopicState = new Map();
  await using _reader = await readCompacted({
    bus,
    topic: topics.workflowDefinitions,
    signal,
    onRecord: async (key, value) => {
      state.set(key, value === null ? null : await versionOf(value));
    },
  });
  return state;

  async function versionOf(value: Buffer): Promise<number> {
    try {
      return (await codec.decode(topics.workflowDefinitions, value)).version;
    } catch (error) {
      logger.warn({ err: error }, 'a definition in the topic can not be read');
      return unreadable;
    }
  }
}
