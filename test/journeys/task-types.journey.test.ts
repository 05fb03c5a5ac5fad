import { aLeadCreated, eventually, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

interface Execution {
  instance_id: string;
  status: string;
  skip_reason: string | null;
  duration_ms: number | null;
  output: Record<string, unknown> | null;
  error_message: string | null;
}

const millrace = useMillrace('task-types');
const tenantId = 'tasks';
const request = <T>(method: string, path: string, body?: object) =>
  millrace().api(tenantId).request<T>(method, `/scheduled-tasks${path}`, { body });

/** Creates a task that is due once a year and runs it now; answers what became of it once it has ended. */
async function runNow(task: object): Promise<Execution> {
  const created = await request<{ id: number }>('POST', '', { schedule: '@yearly', ...task });
  expect(created).toMatchObject({ status: 201, body: { next_run_at: expect.stringMatching(/-01-01T00:00:00.000Z$/) } });
  const run = await request<{ instance_id: string }>('POST', `/${created.body.id}/run`);
  expect(run.status).toBe(202);
  return eventually(
    async () => {
      const { body } = await request<{ items: Execution[]; total: number }>('GET', `/${created.body.id}/executions`);
      expect(body).toMatchObject({
        total: 1,
        items: [{ instance_id: run.body.instance_id, status: expect.stringMatching(/completed|failed/) }],
      });
      return body.items[0] as Execution;
    },
    { timeoutMs: 30_000 },
  );
}

test('a task of each type is created, run now, and shows its output, its duration and its error', async () => {
  const { api, crm, mail, publishWorkflow, drained } = millrace();
  const workflow = await publishWorkflow(tenantId, {
    name: 'Tag',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [{ action_type: 'add_tag', action_config: { lead_id: '{{ data.lead_id }}', tag: 'seen' } }],
  });
  await crm.publish([aLeadCreated({ tenant_id: tenantId })]);
  await drained();

  const ran = { status: 'completed', skip_reason: null, error_message: null, duration_ms: expect.any(Number) };
  const additional_data = { lead_id: 'lead-9' };
  const ofWorkflow = await runNow({ name: 'Workflow', type: 'workflow', config: { workflow_id: workflow.id, additional_data } });
  expect(ofWorkflow).toMatchObject({ ...ran, output: null });
  expect(await api(tenantId).instances(workflow.id)).toHaveLength(2);

  const action_config = { to: 'ops@example.com', subject: 'Good morning', text: 'Hi' };
  const ofAction = await runNow({ name: 'Action', type: 'action', config: { action_type: 'send_email', action_config } });
  expect(ofAction).toMatchObject({ ...ran, output: { message_id: expect.any(String) } });

  const today = new Date(Date.now() - 86_400_000).toISOString();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const ofReport = await runNow({
    name: 'Report',
    type: 'report',
    config: { report: 'workflow_summary', period: { from: today, to: tomorrow }, email_to: 'boss@example.com' },
  });
  const rows = [{ workflow_id: workflow.id, workflow_name: 'Tag', instances: 2, completed: 2, failed: 0 }];
  expect(ofReport).toMatchObject({ ...ran, output: { total: 1, truncated: false, rows } });
  expect(mail.mails).toMatchObject([
    { recipients: ['ops@example.com'], subject: 'Good morning' },
    { recipients: ['boss@example.com'], source: expect.stringContaining('filename=workflow_summary-') },
  ]);

  const ofCleanup = await runNow({ name: 'Cleanup', type: 'cleanup', config: { target: 'instances', older_than_days: 8 } });
  expect(ofCleanup).toMatchObject({ ...ran, output: { target: 'instances', deleted: 0, complete: true } });

  const failing = { method: 'GET', url: 'http://127.0.0.1/' };
  const failed = await runNow({ name: 'Failing', type: 'action', config: { action_type: 'http_request', action_config: failing } });
  expect(failed).toMatchObject({
    status: 'failed',
    output: null,
    error_message: expect.stringContaining('Expected'),
    duration_ms: expect.any(Number),
  });
});

test('a config that its type does not take is refused with the field’s path', async () => {
  const refusedOf = async (type: string, config: object) => {
    const answer = await request<{ errors: { path: string }[] }>('POST', '', { name: 'Refused', schedule: '@daily', type, config });
    expect(answer.status).toBe(422);
    return answer.body.errors.map(({ path }) => path);
  };
  expect(await refusedOf('cleanup', { target: 'instances', older_than_days: 7 })).toEqual(['config.older_than_days']);
  expect(await refusedOf('cleanup', { target: 'scheduled_executions', older_than_days: 8, workflow_id: 1 })).toEqual([
    'config.workflow_id',
  ]);
  expect(await refusedOf('cleanup', { target: 'instances', older_than_days: 8, statuses: ['skipped'] })).toEqual(['config.statuses[0]']);
  expect(await refusedOf('report', { report: 'failures', email_to: 'a@example.com, b@example.com' })).toEqual(['config.email_to']);
  expect(await refusedOf('action', { action_type: 'branch', action_config: {} })).toContain('config.action_type');
});
