import { eventually, moveWakeAt, readExecutionLog, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('usage');
const api = () => millrace().api('tenant-123');

const workflowBody = String.raw`{
  "name": "Lead Scoring Workflow",
  "description": "Auto-score leads based on engagement",
  "enabled": true,
  "triggers": [
    {
      "trigger_type": "lead_created",
      "trigger_config": "{\"min_score\": 0}"
    }
  ],
  "actions": [
    {
      "action_type": "create_task",
      "action_config": "{\"title\": \"Follow up\", \"assigned_to_id\": 1}",
      "order": 0,
      "delay_seconds": 300
    }
  ]
}`;

const triggerBody = `{
  "triggered_by": "lead_id",
  "triggered_by_value": "lead-789",
  "additional_data": {"lead_score": 85}
}`;

const scheduledTaskBody = (workflowId: number) => String.raw`{
  "name": "Daily Lead Scoring",
  "type": "workflow",
  "config": "{\"workflow_id\": ${workflowId}}",
  "schedule": "0 9 * * *",
  "enabled": true,
  "max_retries": 3
}`;

test('the usage examples work word for word: create, trigger, read until completed, schedule', async () => {
  const created = await api().request<{ id: number; published_at: string | null }>('POST', '/workflows', { body: workflowBody });
  expect(created).toMatchObject({
    status: 201,
    body: {
      name: 'Lead Scoring Workflow',
      enabled: true,
      triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: 0 } }],
      actions: [{ action_type: 'create_task', action_config: { title: 'Follow up', assigned_to_id: 1 }, order: 0, delay_seconds: 300 }],
    },
  });
  const workflowId = created.body.id;
  const path = `/workflows/${workflowId}`;
  await eventually(async () => expect((await api().request(`GET`, path)).body).toMatchObject({ published_at: expect.any(String) }));

  const triggered = await api().request<{ id: string }>('POST', `${path}/trigger`, { body: triggerBody });
  expect(triggered.status).toBe(202);
  const instanceId = triggered.body.id;
  expect(triggered.headers.get('location')).toBe(`/api/v1${path}/instances/${instanceId}`);
  expect(['pending', 'running']).toContain((await api().instance(workflowId, instanceId)).status);

  const parked = await eventually(async () => {
    const instance = await api().instance(workflowId, instanceId);
    expect(instance).toMatchObject({ status: 'running', waiting_for: 'delay', progress: 0, executed_actions: 0 });
    return instance;
  });
  const delayMs = Date.parse(parked.wake_at as string) - Date.parse(parked.started_at as string);
  expect(delayMs).toBeGreaterThan(298_000);
  expect(delayMs).toBeLessThanOrEqual(300_000);
  await moveWakeAt(millrace().installation, instanceId);

  const completed = await eventually(async () => {
    const instance = await api().instance(workflowId, instanceId);
    expect(instance).toMatchObject({ status: 'completed', action_executions: [{ status: 'completed' }] });
    return instance;
  });
  expect(completed).toMatchObject({
    id: instanceId,
    workflow_id: workflowId,
    status: 'completed',
    progress: 100,
    executed_actions: 1,
    failed_actions: 0,
    triggered_by: 'lead_id',
    triggered_by_value: 'lead-789',
    started_at: expect.any(String),
    completed_at: expect.any(String),
    action_executions: [
      { action_name: 'create_task_0', status: 'completed', attempts: 1, input: { title: 'Follow up', lead_id: 'lead-789' } },
    ],
  });
  expect((await readExecutionLog(millrace().installation, instanceId)).map(({ seq, type }) => `${seq} ${type}`)).toEqual([
    '1 instance_started',
    '2 delay_started',
    '3 action_completed',
    '4 instance_completed',
  ]);

  const scheduled = await api().request<{ id: number; next_run_at: string }>('POST', '/scheduled-tasks', {
    body: scheduledTaskBody(workflowId),
  });
  expect(scheduled).toMatchObject({ status: 201, body: { type: 'workflow', config: { workflow_id: workflowId }, max_retries: 3 } });
  const nextRun = new Date(scheduled.body.next_run_at);
  expect([nextRun.getUTCHours(), nextRun.getUTCMinutes()]).toEqual([9, 0]);
  expect(nextRun.getTime()).toBeGreaterThan(Date.now());
});
