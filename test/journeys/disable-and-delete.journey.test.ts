import { topics } from '@millrace/messages';
import { aLeadCreated, eventually, findLogFaults, readExecutionLog, readTopic, useMillrace, type WorkflowAnswer } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('disable');

/** Two workflows that start for every lead: one parks, one is a witness that the leads were dealt with. */
async function publishPair(tenantId: string): Promise<{ workflow: WorkflowAnswer; witness: WorkflowAnswer }> {
  const { api, definitionsApplied } = millrace();
  const create = (name: string, delay_seconds: number) =>
    api(tenantId).createWorkflow({
      name,
      triggers: [{ trigger_type: 'lead_created' }],
      actions: [{ action_type: 'create_task', action_config: { title: name }, delay_seconds }],
    });
  const pair = { workflow: await create('Waits', 300), witness: await create('Witness', 0) };
  await definitionsApplied();
  return pair;
}

async function createLead(tenantId: string, leadId: string): Promise<void> {
  await millrace().crm.publish([aLeadCreated({ tenant_id: tenantId, entity_id: leadId })]);
  await millrace().drained();
}

const leadsOf = async (tenantId: string, { id }: WorkflowAnswer) =>
  (await millrace().api(tenantId).instances(id)).map(({ entity_id, status }) => `${entity_id} ${status}`).sort();

test('a disabled workflow starts nothing, by event or request; what runs goes on, and enabling starts again', async () => {
  const { api, definitionsApplied } = millrace();
  const { workflow, witness } = await publishPair('acme');
  const enable = async (enabled: boolean) => {
    const answer = await api('acme').request('PATCH', `/workflows/${workflow.id}/enable`, { body: { enabled } });
    expect(answer).toMatchObject({ status: 200, body: { enabled } });
    await definitionsApplied();
  };
  await createLead('acme', 'before');
  await enable(false);
  await createLead('acme', 'meanwhile');
  expect(await leadsOf('acme', workflow)).toEqual(['before running']);
  expect(await leadsOf('acme', witness)).toEqual(['before completed', 'meanwhile completed']);
  const trigger = { triggered_by: 'lead_id', triggered_by_value: 'asked' };
  expect(await api('acme').request('POST', `/workflows/${workflow.id}/trigger`, { body: trigger })).toMatchObject({
    status: 409,
    body: { code: 'workflow_disabled' },
  });
  await enable(true);
  await createLead('acme', 'after');
  expect(await leadsOf('acme', workflow)).toEqual(['after running', 'before running']);
  expect(await findLogFaults(millrace().installation)).toEqual([]);
});

test('disabling with on_disable cancel cancels what is parked', async () => {
  const { api, drained, installation } = millrace();
  const { workflow } = await publishPair('initech');
  await createLead('initech', 'before');
  const answer = await api('initech').request('PATCH', `/workflows/${workflow.id}/enable`, {
    body: { enabled: false, on_disable: 'cancel' },
  });
  expect(answer.status).toBe(200);
  await eventually(async () => expect(await leadsOf('initech', workflow)).toEqual(['before cancelled']));
  await drained();
  const [instance] = await api('initech').instances(workflow.id);
  const log = await readExecutionLog(installation, instance?.id as string);
  expect(log.map(({ type }) => type)).toEqual([
    'instance_started',
    'delay_started',
    'cancel_requested',
    'action_cancelled',
    'instance_cancelled',
  ]);
  expect(await findLogFaults(installation)).toEqual([]);
});

test('a deleted workflow starts nothing more, its parked instances are cancelled, and its name is free', async () => {
  const { api, definitionsApplied, installation } = millrace();
  const { workflow, witness } = await publishPair('globex');
  await createLead('globex', 'before');
  const [parked] = await api('globex').instances(workflow.id);
  expect(parked).toMatchObject({ status: 'running', waiting_for: 'delay' });
  expect(await api('globex').request('DELETE', `/workflows/${workflow.id}`)).toMatchObject({ status: 202 });
  expect(await api('globex').request('GET', `/workflows/${workflow.id}`)).toMatchObject({ status: 404 });
  await definitionsApplied();
  await createLead('globex', 'meanwhile');
  expect(await leadsOf('globex', witness)).toEqual(['before completed', 'meanwhile completed']);
  // From the topic: the rows of what has ended are removed at any time.
  await using log = await readTopic(installation, topics.executionLog);
  await eventually(async () => {
    const ofParked = (await log.values()).filter((record) => record.instance_id === parked?.id);
    expect(ofParked.flatMap(({ entries }) => entries).at(-1)).toMatchObject({ type: 'instance_cancelled', reason: 'workflow_deleted' });
  });
  expect(
    new Set((await log.values()).filter((record) => record.workflow_id === workflow.id).map((record) => record.instance_id)).size,
  ).toBe(1);
  expect(await api('globex').createWorkflow({ name: 'Waits', triggers: [], actions: [] })).toMatchObject({ name: 'Waits' });
});
