import { partitionFor, partitionForTenant, topics } from '@millrace/messages';
import { expect, test } from 'vitest';
import type { OutRecord } from './index.ts';
import { planSends } from './send-plan.ts';

const topic = topics.crmEvents;
const options = { topicPrefix: 'p.', spread: 4 };
const aRecord = (overrides: Partial<OutRecord> = {}): OutRecord => ({ topic, tenantId: 'acme', value: Buffer.from('v'), ...overrides });
const plan = (...records: OutRecord[]) => planSends(records, options).flatMap((send) => send.flatMap(({ messages }) => messages));

test('a record is keyed by its tenant unless it says otherwise', () => {
  expect(plan(aRecord(), aRecord({ key: 'acme/7' }), aRecord({ key: null })).map(({ key }) => key)).toEqual(['acme', 'acme/7', null]);
});

test('a record lies with its entity, else on its tenant’s first partition, else where it says', () => {
  const lead = { entityType: 'lead', entityId: 'lead-9' };
  const entityPartition = partitionFor({ tenantId: 'acme', ...lead, spread: 4, partitions: topic.partitions });
  const tenantPartition = partitionForTenant('acme', topic.partitions);
  expect(
    plan(aRecord(lead), aRecord(), aRecord({ partition: 11 }))
      .map(({ partition }) => partition)
      .sort(),
  ).toEqual([entityPartition, tenantPartition, 11].sort());
});

test('what is compacted is partitioned by its tenant alone, so that a key never moves', () => {
  const [message] = plan(aRecord({ topic: topics.workflowDefinitions, entityType: 'workflow', entityId: '7' }));
  expect(message?.partition).toBe(partitionForTenant('acme', topics.workflowDefinitions.partitions));
});

test('many records of a partition go out in several sends, in order', () => {
  const records = Array.from({ length: 1_200 }, (_, index) => aRecord({ value: Buffer.from(`${index}`) }));
  const sends = planSends(records, options);
  expect(sends.map(([first]) => first?.messages.length)).toEqual([500, 500, 200]);
  expect(plan(...records).map(({ value }) => Number(value))).toEqual(records.map((_, index) => index));
});

test('large records of a partition go out in several sends, so that the broker takes each', () => {
  const large = () => aRecord({ value: Buffer.alloc(300_000) });
  expect(planSends([large(), large(), large()], options).map(([first]) => first?.messages.length)).toEqual([2, 1]);
});

test('partitions and topics share a send', () => {
  const sends = planSends([aRecord({ partition: 1 }), aRecord({ partition: 2 }), aRecord({ topic: topics.crmCommands })], options);
  expect(sends).toHaveLength(1);
  expect(sends[0]?.map((each) => each.topic)).toEqual(['p.crm.events', 'p.crm.commands']);
});

test('a record that its topic would not take is refused with the sizes, before anything is sent', () => {
  const tooLarge = aRecord({ value: Buffer.alloc(topic.maxMessageBytes) });
  expect(() => planSends([aRecord(), tooLarge], options)).toThrow(
    expect.objectContaining({
      code: 'message_too_large',
      message: expect.stringMatching(/Expected at most 1048576 bytes on p\.crm\.events/),
    }),
  );
});
