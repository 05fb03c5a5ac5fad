import type { SmsRequest } from '@millrace/demo';
import {
  aLeadCreated,
  eventually,
  findLogFaults,
  type InstanceAnswer,
  readExecutionLog,
  useMillrace,
  type WorkflowAnswer,
} from '@millrace/testing';
import { beforeEach, expect, test } from 'vitest';

const held: { request: SmsRequest; accept: () => void }[] = [];
const millrace = useMillrace('cancel', {
  onSmsRequest: (request) => new Promise((resolve) => held.push({ request, accept: () => resolve(null) })),
});
beforeEach(() => {
  held.length = 0;
});

async function startOne(tenantId: string, firstAction: object): Promise<{ workflow: WorkflowAnswer; instance: InstanceAnswer }> {
  const { api, crm, publishWorkflow } = millrace();
  const workflow = await publishWorkflow(tenantId, {
    name: 'To be cancelled',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [firstAction, { name: 'tag', action_type: 'add_tag', action_config: { tag: 'never' } }],
  });
  await crm.publish([aLeadCreated({ tenant_id: tenantId })]);
  const instance = await eventually(async () => {
    const [found] = await api(tenantId).instances(workflow.id);
    expect(found).toBeDefined();
    return found as InstanceAnswer;
  });
  return { workflow, instance };
}

async function cancel(tenantId: string, { id, workflow_id }: InstanceAnswer): Promise<void> {
  const answer = await millrace().api(tenantId).request('POST', `/workflows/${workflow_id}/instances/${id}/cancel`, { body: {} });
  expect(answer.status).toBe(202);
}

const typesOf = async ({ id }: InstanceAnswer) => (await readExecutionLog(millrace().installation, id)).map(({ type }) => type);

test.each([
  ['has just begun', 'acme', false],
  ['takes long', 'initech', true],
])('a cancel that meets an action that %s lets it end: one effect, its outcome in the log, then cancelled', async (_, tenantId, isLong) => {
  const { api, drained, installation, sms } = millrace();
  const textsBefore = sms.texts.length;
  const text = { name: 'text', action_type: 'send_sms', action_config: { to: '{{ lead.phone }}', body: 'Held' }, timeout_seconds: 20 };
  const { workflow, instance } = await startOne(tenantId, text);
  const [call] = await eventually(() => {
    expect(held).toHaveLength(1);
    return held;
  });
  const isParked = () =>
    eventually(async () =>
      expect(await api(tenantId).instance(workflow.id, instance.id)).toMatchObject({ status: 'running', waiting_for: 'action' }),
    );
  if (isLong) await isParked();
  await cancel(tenantId, instance);
  await eventually(async () => expect(await typesOf(instance)).toContain('cancel_requested'));
  await isParked();
  call?.accept();
  await eventually(async () =>
    expect(await api(tenantId).instance(workflow.id, instance.id)).toMatchObject({ status: 'cancelled', executed_actions: 1 }),
  );
  await drained();
  expect(await typesOf(instance)).toEqual([
    'instance_started',
    'action_started',
    'cancel_requested',
    'action_completed',
    'instance_cancelled',
  ]);
  expect((await api(tenantId).instance(workflow.id, instance.id)).action_executions).toMatchObject([
    { action_name: 'text', status: 'completed', attempts: 1 },
  ]);
  expect(held).toHaveLength(1);
  expect(sms.texts).toHaveLength(textsBefore + 1);
  expect(await findLogFaults(installation)).toEqual([]);
});

test('a parked instance is cancelled at once, and a cancel of an ended one is refused', async () => {
  const { api, drained, installation } = millrace();
  const later = { name: 'task', action_type: 'create_task', action_config: { title: 'Later' }, delay_seconds: 300 };
  const { workflow, instance } = await startOne('globex', later);
  await eventually(async () =>
    expect(await api('globex').instance(workflow.id, instance.id)).toMatchObject({ status: 'running', waiting_for: 'delay' }),
  );
  await cancel('globex', instance);
  await eventually(async () =>
    expect(await api('globex').instance(workflow.id, instance.id)).toMatchObject({
      status: 'cancelled',
      progress: 0,
      executed_actions: 0,
      waiting_for: null,
      wake_at: null,
      completed_at: expect.any(String),
    }),
  );
  await drained();
  expect(await typesOf(instance)).toEqual([
    'instance_started',
    'delay_started',
    'cancel_requested',
    'action_cancelled',
    'instance_cancelled',
  ]);
  expect(await findLogFaults(installation)).toEqual([]);
  expect(await api('globex').request('POST', `/workflows/${workflow.id}/instances/${instance.id}/cancel`, { body: {} })).toMatchObject({
    status: 409,
    body: { code: 'instance_ended' },
  });
});
