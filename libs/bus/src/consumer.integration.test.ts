import { randomUUID } from 'node:crypto';
import { type Topic, topics } from '@millrace/messages';
import { expect, test } from 'vitest';
import { createCable, createCluster, createCollector, eventually, positionsOf, textsOf } from '../test/cluster.ts';
import { type Bus, type InRecord, type OutRecord, startConsumer } from './index.ts';

const topic = topics.crmEvents;
const counting = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);
const recordOf = (text: string, changes: Partial<OutRecord> = {}): OutRecord => ({
  topic,
  tenantId: 't1',
  value: Buffer.from(text),
  ...changes,
});
const has = (count: number) => (texts: string[]) => texts.length >= count;

/** Resolves once another group has read as many records: what holds a consumer back is not the broker. */
async function readElsewhere(bus: Bus, read: Topic<unknown>, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let taken = 0;
  const onRecords = (records: InRecord[]) => {
    taken += records.length;
    for (const record of records) record.done();
    if (taken >= count) resolve();
  };
  await using _ = await startConsumer({ bus, groupId: `test-${randomUUID()}`, topics: [read], onRecords });
  await promise;
}

test('records of an entity come once, in order, and are committed', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  await bus.publish(counting(1_500).map((text) => recordOf(text, { entityType: 'lead', entityId: 'l1' })));
  const collected = createCollector(has(1_500));
  {
    await using consumer = await startConsumer({
      bus,
      groupId,
      topics: [topic],
      onRecords: collected.take,
    });
    await collected.promise;
    await eventually(() => consumer.lag() === 0);
    expect(consumer.isRunning()).toBe(true);
  }
  expect(textsOf(collected.records)).toEqual(counting(1_500));
  expect(new Set(positionsOf(collected.records)).size).toBe(collected.records.length);
  expect(new Set(collected.records.map(({ partition }) => partition)).size).toBe(1);

  await bus.publish([recordOf('last', { entityType: 'lead', entityId: 'l1' })]);
  const again = createCollector((texts) => texts.includes('last'));
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: again.take });
  expect(textsOf(await again.promise)).toEqual(['last']);
});

test('what was not done comes again, from the first such record of the partition on', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  await bus.publish(counting(10).map((text) => recordOf(text)));
  const first = createCollector(has(10));
  const consumer = await startConsumer({ bus, groupId, topics: [topic], onRecords: first.hold });
  const taken = await first.promise;
  for (const record of taken) if (!['4', '7'].includes(record.offset)) record.done();
  await consumer.stop({ drainMs: 0 });

  const second = createCollector(has(6));
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: second.take });
  const again = await second.promise;
  expect(again.slice(0, 6).map(({ offset }) => offset)).toEqual(['4', '5', '6', '7', '8', '9']);
  taken[4]?.done();
});

test('stop waits for records that are being handled and commits them', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  await bus.publish([recordOf('slow')]);
  const first = createCollector(has(1));
  const consumer = await startConsumer({ bus, groupId, topics: [topic], onRecords: first.hold });
  const taken = await first.promise;
  const stopped = consumer.stop();
  setImmediate(() => {
    for (const slow of taken) slow.done();
  });
  await stopped;

  await bus.publish([recordOf('next')]);
  const second = createCollector((texts) => texts.includes('next'));
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: second.take });
  expect(positionsOf(await second.promise)).not.toContain(positionsOf(taken)[0]);
});

test('a poison record goes to the dead-letter topic, byte for byte, while its partition goes on', async () => {
  const { connect, groupId, topicPrefix } = await createCluster();
  await using bus = await connect();
  const poison = Buffer.from([9, 0, 255, 1]);
  await bus.publish([recordOf('good'), recordOf('', { value: poison, headers: { traceparent: 'abc' } }), recordOf('also good')]);
  const good: InRecord[] = [];
  await using consumer = await startConsumer({
    bus,
    groupId,
    topics: [topic],
    async onRecords(records) {
      for (const record of records) {
        if (record.value?.[0] === 9) await bus.deadLetter(record, 'undecodable', 'Expected magic byte 0, but it is 9');
        else good.push(record);
        record.done();
      }
    },
  });
  const letters = createCollector(has(1));
  const deadLetters = { ...topic, name: `${topic.name}.dead-letter` };
  await using _ = await startConsumer({ bus, groupId: `${groupId}-letters`, topics: [deadLetters], onRecords: letters.take });
  const [letter] = await letters.promise;
  expect(letter?.value).toEqual(poison);
  expect(letter?.key?.toString()).toBe('t1');
  const headers = Object.fromEntries(Object.entries(letter?.headers ?? {}).map(([name, value]) => [name, String(value)]));
  expect(headers).toMatchObject({
    traceparent: 'abc',
    'dead-letter-origin-topic': `${topicPrefix}${topic.name}`,
    'dead-letter-origin-partition': String(letter?.partition),
    'dead-letter-origin-offset': '1',
    'dead-letter-reason': 'undecodable',
    'dead-letter-message': 'Expected magic byte 0, but it is 9',
    'dead-letter-service': 'bus-test',
  });
  await eventually(() => good.length >= 2 && consumer.lag() === 0);
  expect(textsOf(good)).toEqual(['good', 'also good']);
});

test('a rebalance between two consumers loses nothing', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const done = new Set<string>();
  const revoked: number[] = [];
  const take = (records: InRecord[]) => {
    for (const record of records) {
      setTimeout(() => {
        if (record.assignment.isRevoked()) return;
        done.add(String(record.value));
        record.done();
      }, Math.random() * 300);
    }
  };
  const publish = async (from: number) => {
    for (let index = from; index < from + 2_000; index += 100) {
      await bus.publish(Array.from({ length: 100 }, (_, at) => recordOf(`n${index + at}`, { tenantId: `tenant-${at % 20}` })));
    }
  };
  const options = { bus, groupId, topics: [topic], onRecords: take, sessionTimeoutMs: 6_000 };
  const first = await startConsumer({ ...options, onRevoke: ({ generation }) => revoked.push(generation) });
  await publish(0);
  await eventually(() => done.size > 0);
  const second = await startConsumer(options);
  await publish(2_000);
  await eventually(() => revoked.length > 0 && second.isRunning());
  await first.stop({ drainMs: 0 });
  await publish(4_000);
  await eventually(() => done.size === 6_000);
  await eventually(() => second.lag() === 0);
  await second.stop();
});

test('fetching pauses while undone records hold too many bytes, and goes on', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const large = Buffer.alloc(100_000, 1);
  await bus.publish(Array.from({ length: 150 }, () => recordOf('', { value: large })));
  const waiting: InRecord[] = [];
  let taken = 0;
  await using consumer = await startConsumer({
    bus,
    groupId,
    topics: [topic],
    maxQueuedBytes: 1_000_000,
    onRecords: (records) => {
      taken += records.length;
      waiting.push(...records);
    },
  });
  await eventually(() => taken > 0);
  await readElsewhere(bus, topic, 150);
  expect(taken).toBeLessThan(30);
  expect(consumer.isRunning()).toBe(true);
  await eventually(() => {
    for (const record of waiting.splice(0)) record.done();
    return taken >= 150 && consumer.lag() === 0;
  });
});

test('a partition whose records wait stops no other', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const onPartition = (partition: number, text: string) => ({ ...recordOf(text), partition });
  await bus.publish(Array.from({ length: 60 }, () => ({ ...onPartition(0, ''), value: Buffer.alloc(100_000, 1) })));
  const held: InRecord[] = [];
  const others = createCollector(has(100));
  await using consumer = await startConsumer({
    bus,
    groupId,
    topics: [topic],
    maxQueuedBytes: 1_000_000,
    onRecords: (records) => {
      if (records[0]?.partition === 0) held.push(...records);
      else others.take(records);
    },
  });
  await eventually(() => held.length > 0);
  for (let round = 0; round < 10; round += 1) {
    await bus.publish(Array.from({ length: 10 }, (_, index) => onPartition(1 + (index % 5), `${round}-${index}`)));
  }
  await others.promise;
  expect(held.length).toBeLessThan(30);
  expect(consumer.isRunning()).toBe(true);
});

test('a paused consumer fetches nothing and keeps its partitions', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const collected = createCollector(has(1));
  await using consumer = await startConsumer({ bus, groupId, topics: [topic], onRecords: collected.take });
  consumer.pause();
  await eventually(() => consumer.isRunning());
  await bus.publish([recordOf('r')]);
  await readElsewhere(bus, topic, 1);
  expect(collected.records).toEqual([]);
  consumer.resume();
  expect(textsOf(await collected.promise)).toEqual(['r']);
});

test('records that could not be taken come again', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  await bus.publish(counting(3).map((text) => recordOf(text)));
  const collected = createCollector(has(3));
  let calls = 0;
  await using _ = await startConsumer({
    bus,
    groupId,
    topics: [topic],
    onRecords: (records) => {
      calls += 1;
      if (calls === 1) throw new TypeError('a bug');
      collected.take(records);
    },
  });
  expect(textsOf(await collected.promise)).toEqual(counting(3));
});

test('a broker that was away is found again, and nothing is lost', async () => {
  const { connect, groupId } = await createCluster();
  const cable = createCable();
  await using bus = await connect({ socketFactory: cable.socketFactory });
  const seen = new Set<string>();
  const revoked: number[] = [];
  await using consumer = await startConsumer({
    bus,
    groupId,
    topics: [topic],
    sessionTimeoutMs: 6_000,
    onRevoke: ({ generation }) => revoked.push(generation),
    onRecords: (records) => {
      for (const record of records) {
        seen.add(String(record.value));
        record.done();
      }
    },
  });
  await bus.publish([recordOf('before')]);
  await eventually(() => seen.has('before'));
  cable.cut();
  await expect(bus.publish([recordOf('during')])).rejects.toMatchObject({ name: 'RetryableError', code: 'kafka_unavailable' });
  await eventually(() => !consumer.isRunning());
  cable.mend();
  await eventually(async () => {
    const published = await bus.publish([recordOf('after')]).then(
      () => true,
      () => false,
    );
    return published;
  });
  await eventually(() => seen.has('after') && consumer.isRunning());
});
