import { aLeadCreated, findLogFaults, useMillrace, type WorkflowAnswer } from '@millrace/testing';
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

test('a deleted workflow starts nothing more, and its name is free', async () => {
  const { api, definitionsApplied, installation } = millrace();
  const { workflow, witness } = await publishPair('globex');
  expect(await api('globex').request('DELETE', `/workflows/${workflow.id}`)).toMatchObject({ status: 202 });
  expect(await api('globex').request('GET', `/workflows/${workflow.id}`)).toMatchObject({ status: 404 });
  await definitionsApplied();
  await createLead('globex', 'meanwhile');
  expect(await leadsOf('globex', witness)).toEqual(['meanwhile completed']);
  const [rows] = await installation.database.pool.query('SELECT entity_id FROM workflow_instances WHERE workflow_id = ?', [workflow.id]);
  expect(rows).toEqual([]);
  expect(await api('globex').createWorkflow({ name: 'Waits', triggers: [], actions: [] })).toMatchObject({ name: 'Waits' });
});
