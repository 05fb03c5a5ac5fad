import { randomBytes } from 'node:crypto';
import { deadLetterTopic, topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import kafkajs, { type CompressionTypes } from 'kafkajs';
import { expect, test } from 'vitest';
import { createCluster, createCollector, eventually } from '../test/cluster.ts';
import { mostInflatedBytes } from './compression.ts';
import { startConsumer } from './index.ts';
import { createKafka } from './kafka-connection.ts';

const CompressionCodecs = kafkajs.CompressionCodecs as Record<number, () => object>;
const topic = topics.crmEvents;
const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:19092').split(',');

/** As a CRM's own producer may; `compress` stands in for a codec that we don't write. */
async function sendCompressed(topicName: string, compression: CompressionTypes, value: Buffer, compress?: (plain: Buffer) => Buffer) {
  const codec = CompressionCodecs[compression] as () => object;
  if (compress !== undefined)
    CompressionCodecs[compression] = () => ({ ...codec(), compress: ({ buffer }: { buffer: Buffer }) => compress(buffer) });
  const producer = createKafka({ brokers, clientId: 'test-crm', logger: createLogger('test-crm', 'silent') }).producer();
  await producer.connect();
  await producer.send({ topic: topicName, compression, messages: [{ key: 'acme', value }] });
  await producer.disconnect();
  CompressionCodecs[compression] = codec;
}

/** Literals alone, in one block of snappy. */
function snappyLiteral(plain: Buffer): Buffer {
  if (plain.length > 127) throw new Error('Expected a short batch');
  return Buffer.concat([Buffer.from([plain.length, 60 << 2, plain.length - 1]), plain]);
}

/** A frame of one block that isn't compressed. */
function lz4Plain(plain: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(0x80000000 + plain.length);
  return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]), size, plain, Buffer.alloc(4)]);
}

test.each([
  ['GZIP', undefined],
  ['ZSTD', undefined],
  ['Snappy', snappyLiteral],
  ['LZ4', lz4Plain],
] as const)('a record whose producer compresses by %s is read', async (name, compress) => {
  const cluster = await createCluster();
  await sendCompressed(`${cluster.topicPrefix}${topic.name}`, kafkajs.CompressionTypes[name], Buffer.from('compressed'), compress);
  await using bus = await cluster.connect();
  const collected = createCollector((texts) => texts.includes('compressed'));
  await using _ = await startConsumer({ bus, groupId: cluster.groupId, topics: [topic], onRecords: collected.take });
  expect(await collected.promise).toHaveLength(1);
});

test.each(['GZIP', 'ZSTD'] as const)(
  'a batch by %s that inflates to more than is ever kept in memory raises an alarm, and is not passed over',
  async (name) => {
    const cluster = await createCluster();
    const lines: string[] = [];
    const logger = createLogger('bus-test', 'info');
    const stream = Object.getOwnPropertySymbols(logger).find((symbol) => symbol.description === 'pino.stream') as symbol;
    (logger as unknown as Record<symbol, unknown>)[stream] = { write: (line: string) => lines.push(line) };
    await sendCompressed(`${cluster.topicPrefix}${topic.name}`, kafkajs.CompressionTypes[name], Buffer.alloc(mostInflatedBytes + 1));
    await using bus = await cluster.connect({ logger });
    const collected = createCollector(() => true);
    await using consumer = await startConsumer({ bus, groupId: cluster.groupId, topics: [topic], onRecords: collected.take });
    await eventually(() => lines.filter((line) => line.includes('"alarm":true') && line.includes('stands still')).length > 1);
    expect(collected.records).toEqual([]);
    expect(Object.values(consumer.appliedOffsets())).not.toContain('1');
  },
);

test('a record that fits its topic only while it is compressed has room in the dead-letter topic too', async () => {
  const cluster = await createCluster();
  const value = Buffer.from(randomBytes(700_000).toString('hex'));
  expect(value.length).toBeGreaterThan(deadLetterTopic(topic).maxMessageBytes);
  await sendCompressed(`${cluster.topicPrefix}${topic.name}`, kafkajs.CompressionTypes.GZIP, value);
  await using bus = await cluster.connect();
  const taken = createCollector((texts) => texts.length > 0);
  await using _ = await startConsumer({ bus, groupId: cluster.groupId, topics: [topic], onRecords: taken.hold });
  const [record] = await taken.promise;
  if (record === undefined) throw new Error('Expected a record');
  await bus.deadLetter(record, 'event_too_large', 'Expected less');

  const letters = createCollector((texts) => texts.length > 0);
  await using _letters = await startConsumer({
    bus,
    groupId: `${cluster.groupId}-letters`,
    topics: [deadLetterTopic<unknown>(topic)],
    onRecords: letters.take,
  });
  const [letter] = await letters.promise;
  expect(letter?.value?.equals(value)).toBe(true);
});
