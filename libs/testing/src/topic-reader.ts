import { type InRecord, startConsumer } from '@millrace/bus';
import type { Topic } from '@millrace/messages';
import type { Installation } from './installation.ts';

/** Everything that a topic holds, from its beginning on, each record once; grows as records come. */
export interface TopicReader<T> extends AsyncDisposable {
  readonly records: InRecord[];
  /** The decoded values, in the order read. */
  values(): Promise<T[]>;
}

/** Reads a topic in a group of its own. */
export async function readTopic<T>({ bus, codec, prefix }: Installation, topic: Topic<T>): Promise<TopicReader<T>> {
  const records: InRecord[] = [];
  const known = new Set<string>();
  const consumer = await startConsumer({
    bus,
    groupId: `${prefix}reader-${topic.name}-${process.hrtime.bigint()}`,
    topics: [topic],
    onRecords: (fetched) => {
      for (const record of fetched) {
        const place = `${record.partition}/${record.offset}`;
        if (!known.has(place)) records.push(record);
        known.add(place);
        record.done();
      }
    },
  });
  return {
    records,
    values: () => Promise.all(records.map((record) => codec.decode(topic, record.value ?? Buffer.alloc(0)))),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}
