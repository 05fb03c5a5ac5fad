import { type InRecord, startConsumer } from '@millrace/bus';
import type { Topic } from '@millrace/messages';
import type { Installation } from '@millrace/testing';

export interface Arrival<T> {
  value: T;
  record: InRecord;
  /** When this process had it, by its own clock, ms: no earlier than it was sent. */
  atMs: number;
}

export interface Arrivals<T> extends AsyncDisposable {
  all(): Promise<Arrival<T>[]>;
}

/** Watches a topic from its beginning on. What records say of their own time is their producers' clocks. */
export async function watchArrivals<T>({ bus, codec, prefix }: Installation, topic: Topic<T>): Promise<Arrivals<T>> {
  const arrived = new Map<string, { record: InRecord; atMs: number }>();
  const consumer = await startConsumer({
    bus,
    groupId: `${prefix}arrivals-${topic.name}`,
    topics: [topic],
    onRecords: (records) => {
      const atMs = Date.now();
      for (const record of records) {
        const place = `${record.partition}/${record.offset}`;
        if (!arrived.has(place)) arrived.set(place, { record, atMs });
        record.done();
      }
    },
  });
  return {
    all: () =>
      Promise.all(
        [...arrived.values()].map(async ({ record, atMs }) => ({
          value: await codec.decode(topic, record.value ?? Buffer.alloc(0)),
          record,
          atMs,
        })),
      ),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}
