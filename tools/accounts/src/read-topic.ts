import { type Bus, type Headers, readCompacted } from '@millrace/bus';
import type { Topic } from '@millrace/messages';
import { RetryableError } from '@millrace/runtime';

export interface TopicRecord {
  /** `<topic>/<partition>/<offset>`, the topic without the installation's prefix. */
  place: string;
  partition: number;
  offset: number;
  timestampMs: number;
  key: string;
  value: Buffer | null;
  headers: Headers;
}

/** Hands over what a topic holds now, each record once. Rejects with the first error that `onRecord` throws. */
export async function readTopic(bus: Bus, topic: Topic<unknown>, onRecord: (record: TopicRecord) => void | Promise<void>): Promise<void> {
  const failed = new AbortController();
  const reading = readCompacted({
    bus,
    topic,
    signal: failed.signal,
    onRecord: async (key, value, { partition, offset, timestampMs, headers }) => {
      if (failed.signal.aborted) return;
      const place = `${topic.name}/${partition}/${offset}`;
      try {
        await onRecord({ place, partition, offset: Number(offset), timestampMs, key, value, headers });
      } catch (error) {
        failed.abort(error instanceof RetryableError ? new Error(error.message, { cause: error }) : error);
      }
    },
  });
  await (await reading)[Symbol.asyncDispose]();
}
