import { topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { createCluster, createCollector, textsOf } from '../test/cluster.ts';
import { applyTopics, startConsumer } from './index.ts';

const topic = topics.crmEvents;

test('topics are created once and checked again', async () => {
  const { topicPrefix } = await createCluster([]);
  const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:19092').split(',');
  const settings = { brokers, topicPrefix, logger: createLogger('test', 'silent') };
  const first = await applyTopics(settings);
  expect(first.created).toHaveLength(12);
  const again = await applyTopics(settings);
  expect(again.created).toEqual([]);
  expect(again.kept).toContain(`${topicPrefix}workflow.definitions.dead-letter`);
});

test('a record over its topic’s limit is refused, and so are those beside it', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const large = { topic, tenantId: 't1', value: Buffer.alloc(topic.maxMessageBytes + 1) };
  const refused = bus.publish([{ topic, tenantId: 't1', value: Buffer.from('small') }, large]);
  await expect(refused).rejects.toMatchObject({ name: 'TerminalError', code: 'message_too_large' });
  await bus.publish([{ topic, tenantId: 't1', value: Buffer.from('next') }]);
  const collected = createCollector((texts) => texts.length > 0);
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: collected.take });
  expect(textsOf(await collected.promise)).toEqual(['next']);
});

test('many small records for one partition go out in parts that the broker takes', async () => {
  const { connect, groupId } = await createCluster();
  await using bus = await connect();
  const texts = Array.from({ length: 3_000 }, (_, index) => `${index} ${'x'.repeat(1_000)}`);
  await bus.publish(texts.map((text) => ({ topic, tenantId: 't1', value: Buffer.from(text) })));
  const collected = createCollector((taken) => taken.length >= 3_000);
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: collected.take });
  expect(textsOf(await collected.promise)).toEqual(texts);
});
