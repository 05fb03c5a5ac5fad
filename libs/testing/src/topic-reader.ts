import { type InRecord, startConsumer } from '@millrace/bus';
import type { Topic } from '@millrace/messages';
import type { Installation } from './installation.ts';

/** Everything that a topic holds, from its beginning on; grows as records come. */
export interface TopicReader<T> extends AsyncDisposable {
  readonly records: InRecord[];
  /** The decoded values, in the order read. */
  values(): Promise<T[]>;
}

/** Reads a topic in a group of its own. */
export async function readTopic<T>({ bus, codec, prefix }: Installation, topic: Topic<T>): Promise<TopicReader<T>> {
  const records: InRecord[] = [];
  const consumer = await startConsumer({
    bus,
    groupId: `${prefix}reader-${topic.name}-${process.hrtime.bigint()}`,
    topics: [topic],
    onRecords: (fetched) => {
      records.push(...fetched);
      for (const record of fetched) record.done();
    },
  });
  return {
    records,
    values: () => Promise.all(records.map((record) => codec.decode(topic, record.value ?? Buffer.alloc(0)))),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}
