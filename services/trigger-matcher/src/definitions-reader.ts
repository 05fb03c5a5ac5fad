import { type Bus, readCompacted } from '@millrace/bus';
import { type Codec, topics } from '@millrace/messages';
import { type Logger, RetryableError, TerminalError } from '@millrace/runtime';
import type { TriggerIndex } from './index/trigger-index.ts';
import { metrics } from './metrics.ts';

interface Dependencies {
  bus: Bus;
  codec: Codec;
  index: TriggerIndex;
  logger: Logger;
  /** Ends the wait for the topic's end. */
  signal: AbortSignal;
}

/**
 * Keeps the index at what `workflow.definitions` says. Resolves when the topic is read to its end as of the call, then
 * follows. A definition that can't be read is counted and logged, and leaves the workflow at the version before.
 */
export function followDefinitions({ bus, codec, index, logger, signal }: Dependencies) {
  const apply = async (key: string, value: Buffer | null) => {
    try {
      if (value === null) return removeByKey(index, key);
      const definition = await codec.decode(topics.workflowDefinitions, value);
      if (key !== `${definition.tenant_id}/${definition.workflow_id}`)
        throw new TerminalError('tenant_mismatch', `Expected the key to name the definition, but it is ${key}`);
      index.apply(definition);
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      metrics.definitionsRejected.add(1);
      logger.error({ err: error, key }, 'a definition could not be read');
    }
  };
  return readCompacted({ bus, topic: topics.workflowDefinitions, onRecord: apply, signal });
}

/** A key is `<tenant id>/<workflow id>`; a tenant id holds no slash. */
function removeByKey(index: TriggerIndex, key: string): void {
  const slash = key.indexOf('/');
  index.remove(key.slice(0, slash), Number(key.slice(slash + 1)));
}
