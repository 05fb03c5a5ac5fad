import { type Topic, topics, type WorkflowCommand } from '@millrace/messages';
import { aLeadCreated, type DeadLetter, eventually, findLogFaults, readDeadLetters, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('poison');

interface Poison {
  mark: string;
  key: string;
  value: Buffer | null;
  reason: string;
}

/** What can't be read on any topic, made from bytes that can. */
function unreadable(good: Buffer): Poison[] {
  const unknownSchema = Buffer.from(good);
  unknownSchema.writeInt32BE(2_000_000_000, 1);
  const bad = { key: 'acme', reason: 'undecodable' };
  return [
    { ...bad, mark: 'JSON', value: Buffer.from('{"event_id": "e-1"}') },
    { ...bad, mark: 'no bytes', value: Buffer.alloc(0) },
    { ...bad, mark: 'an unknown schema', value: unknownSchema },
    { ...bad, mark: 'too short', value: good.subarray(0, good.length - 3) },
    { ...bad, mark: 'too long', value: Buffer.concat([good, Buffer.from([1, 2, 3])]) },
  ];
}

/** Sends the same poison to every partition; answers what is to be found in the dead-letter topic. */
async function sendPoison(topic: Topic<unknown>, poison: readonly Poison[]): Promise<DeadLetter[]> {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition);
  const messageOf = ({ key, value, mark }: Poison, partition: number) => ({ key, value, partition, headers: { mark } });
  const firstOffsets = await millrace().crm.send(
    topic.name,
    partitions.flatMap((partition) => poison.map((each) => messageOf(each, partition))),
  );
  return partitions.flatMap((partition) =>
    poison.map((each, index) => ({ ...each, origin: `${topic.name}/${partition}/${(firstOffsets.get(partition) ?? 0) + index}` })),
  );
}

/** Sends good events to a workflow of its own and waits until nothing is left to do. */
async function expectLife(tenantId: string, numbers: readonly number[]): Promise<void> {
  const { api, crm, drained, installation, publishWorkflow } = millrace();
  const workflow = await publishWorkflow(tenantId, {
    name: 'After poison',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'alive' } }],
  });
  const events = numbers.map((number) => aLeadCreated({ tenant_id: tenantId, entity_id: `lead-${number}` }));
  const values = await Promise.all(events.map(crm.encode));
  await crm.send(
    'crm.events',
    values.map((value, index) => ({ key: tenantId, value, partition: index % topics.crmEvents.partitions })),
  );
  await drained();
  const instances = await api(tenantId).instances(workflow.id);
  expect(instances.map(({ status }) => status)).toEqual(numbers.map(() => 'completed'));
  expect(await findLogFaults(installation)).toEqual([]);
}

async function expectDeadLetters(topic: Topic<unknown>, expected: readonly DeadLetter[]): Promise<void> {
  await using deadLetters = await readDeadLetters(millrace().installation, topic);
  await eventually(() => expect(deadLetters.all()).toHaveLength(expected.length));
  expect(sorted(deadLetters.all())).toEqual(sorted(expected));
}

function sorted(letters: readonly DeadLetter[]): DeadLetter[] {
  return [...letters].sort((a, b) => a.origin.localeCompare(b.origin));
}

const manyNumbers = Array.from({ length: 24 }, (_, number) => number);

test('events that never will be read go to the dead-letter topic byte for byte, and each partition goes on', async () => {
  const { crm } = millrace();
  const good = await crm.encode(aLeadCreated({ tenant_id: 'acme', event_id: 'good' }));
  const sent = await sendPoison(topics.crmEvents, [
    ...unreadable(good),
    { mark: 'a tombstone', key: 'acme', value: null, reason: 'undecodable' },
    { mark: "another tenant's key", key: 'globex', value: good, reason: 'tenant_mismatch' },
    {
      mark: 'data of another type',
      key: 'acme',
      value: await crm.encode(aLeadCreated({ tenant_id: 'acme', event_type: 'task_completed' })),
      reason: 'event_branch_mismatch',
    },
    {
      mark: 'no event id',
      key: 'acme',
      value: await crm.encode(aLeadCreated({ tenant_id: 'acme', event_id: '' })),
      reason: 'event_invalid',
    },
  ]);
  await expectLife('acme', manyNumbers);
  await expectDeadLetters(topics.crmEvents, sent);
});

test('commands that never will be read do the same', async () => {
  const { installation } = millrace();
  const command: WorkflowCommand = {
    tenant_id: 'acme',
    instance_id: '0'.repeat(32),
    entity_type: 'lead',
    entity_id: 'lead-1',
    command: { 'millrace.ResumeInstance': { row_version: 1 } },
  };
  const good = await installation.codec.encode(topics.workflowCommands, command);
  const sent = await sendPoison(topics.workflowCommands, [
    ...unreadable(good),
    { mark: 'a tombstone', key: 'acme', value: null, reason: 'empty' },
    { mark: "another tenant's key", key: 'globex', value: good, reason: 'tenant_mismatch' },
    {
      mark: 'no instance id',
      key: 'acme',
      value: await installation.codec.encode(topics.workflowCommands, { ...command, instance_id: 'zz' }),
      reason: 'malformed_command',
    },
  ]);
  await expectLife('globex', manyNumbers);
  await expectDeadLetters(topics.workflowCommands, sent);
});

test('log records that never will be read do the same', async () => {
  const sent = await sendPoison(topics.executionLog, unreadable(Buffer.from('no log record at all')));
  await expectLife('initech', manyNumbers);
  await expectDeadLetters(topics.executionLog, sent);
});
