import { randomBytes } from 'node:crypto';
import { deadLetterTopic, topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import kafkajs, { type CompressionTypes } from 'kafkajs';
import { expect, test } from 'vitest';
import { createCluster, createCollector } from '../test/cluster.ts';
import { startConsumer } from './index.ts';
import { createKafka } from './kafka-connection.ts';

const topic = topics.crmEvents;
const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:19092').split(',');

/** As a CRM's own producer may. */
async function sendCompressed(topicName: string, compression: CompressionTypes, value: Buffer): Promise<void> {
  const producer = createKafka({ brokers, clientId: 'test-crm', logger: createLogger('test-crm', 'silent') }).producer();
  await producer.connect();
  await producer.send({ topic: topicName, compression, messages: [{ key: 'acme', value }] });
  await producer.disconnect();
}

test.each(['GZIP', 'ZSTD'] as const)('a record whose producer compresses by %s is read', async (name) => {
  const cluster = await createCluster();
  await sendCompressed(`${cluster.topicPrefix}${topic.name}`, kafkajs.CompressionTypes[name], Buffer.from('compressed'));
  await using bus = await cluster.connect();
  const collected = createCollector((texts) => texts.includes('compressed'));
  await using _ = await startConsumer({ bus, groupId: cluster.groupId, topics: [topic], onRecords: collected.take });
  expect(await collected.promise).toHaveLength(1);
});

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
