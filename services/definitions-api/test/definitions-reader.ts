import { type CompactedReader, readCompacted } from '@millrace/bus';
import { topics, type WorkflowDefinition } from '@millrace/messages';
import type { ApiUnderTest } from './api-under-test.ts';

/** Follows `workflow.definitions` as it lies in the topic: by key the last record, null for a tombstone. */
export interface DefinitionsReader extends AsyncDisposable {
  readonly last: ReadonlyMap<string, WorkflowDefinition | null>;
  /** The versions of each key in the order of the topic, null for a tombstone. */
  readonly history: ReadonlyMap<string, (number | null)[]>;
  /** When each version of a key was read first, by `<key>@<version>`, in ms of performance.now(). */
  readonly readAt: ReadonlyMap<string, number>;
}

export async function followDefinitions({ bus, codec }: ApiUnderTest): Promise<DefinitionsReader> {
  const last = new Map<string, WorkflowDefinition | null>();
  const history = new Map<string, (number | null)[]>();
  const readAt = new Map<string, number>();
  const reader: CompactedReader = await readCompacted({
    bus,
    topic: topics.workflowDefinitions,
    onRecord: async (key, value) => {
      const definition = value === null ? null : await codec.decode(topics.workflowDefinitions, value);
      last.set(key, definition);
      history.set(key, [...(history.get(key) ?? []), definition?.version ?? null]);
      const version = `${key}@${definition?.version ?? 'tombstone'}`;
      if (!readAt.has(version)) readAt.set(version, performance.now());
    },
  });
  return { last, history, readAt, [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose]() };
}
