import { type InRecord, startConsumer } from '@millrace/bus';
import { createKafka, parseStackSettings } from '@millrace/demo';
import type { Topic } from '@millrace/messages';
import { eventually } from './eventually.ts';
import type { Installation } from './installation.ts';

/** Everything that a topic holds, from its beginning on, each record once; grows as records come. */
export interface TopicReader<T> extends AsyncDisposable {
  readonly records: InRecord[];
  /** The decoded values of all that the topic holds by the time of the call, in the order read. */
  values(): Promise<T[]>;
}

/** Reads a topic in a group of its own. */
export async function readTopic<T>({ bus, codec, prefix, env }: Installation, topic: Topic<T>): Promise<TopicReader<T>> {
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
  const admin = createKafka(parseStackSettings(env), 'test-reader').admin();
  await admin.connect();
  const caughtUp = async () => {
    const ends = await admin.fetchTopicOffsets(`${prefix}${topic.name}`);
    const last = ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => `${partition}/${Number(high) - 1}`);
    await eventually(() => {
      const missing = last.filter((place) => !known.has(place));
      if (missing.length > 0) throw new Error(`Expected ${topic.name} to be read to its end, but ${missing.join(', ')} is missing`);
    });
  };
  return {
    records,
    async values() {
      await caughtUp();
      return Promise.all(records.map((record) => codec.decode(topic, record.value ?? Buffer.alloc(0))));
    },
    async [Symbol.asyncDispose]() {
      await admin.disconnect();
      await consumer[Symbol.asyncDispose]();
    },
  };
}
