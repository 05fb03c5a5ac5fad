import { insertInstances, parseJson, stepSizes } from '@millrace/db';
import { instanceId } from '@millrace/messages';
import { eventually, freePort, moveWakeAt, startService } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useExecutor } from './executor-under-test.ts';
import { dueMs, insertTask, sendTaskRun, type Task, type TaskRunCommand } from './send-task-run.ts';
import { type MailServer, startMailServer } from './smtp-server.ts';

const dayMs = 86_400_000;
let mail: MailServer;
/** Addresses that were asked for, those that are refused too. */
const recipients: string[] = [];
const under = useExecutor('executor-tasks', async () => {
  mail = await startMailServer({
    onRcptTo({ address }, _session, callback) {
      recipients.push(address);
      callback(address.startsWith('nobody@') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
  });
  return { SMTP_URL: mail.url };
});
const audit = new AsyncDisposableStack();
beforeAll(async () => {
  audit.use(await startService('audit-logger', under().env, await freePort()));
});
afterAll(async () => {
  await audit.disposeAsync();
  await mail[Symbol.asyncDispose]();
});

let tasks = 0;

/** A task of a tenant of its own. */
const addTask = (type: string, config: object, tenantId = `tasks-${++tasks}`): Promise<Task> =>
  insertTask(under().installation, { tenantId, type, config });

/** Sends an occurrence as the scheduler does; answers its instance's id. */
const run = (task: Task, overrides: Partial<TaskRunCommand> = {}) => sendTaskRun(under().installation, task, overrides);

interface Execution {
  status: string;
  skip_reason: string | null;
  error_message: string | null;
  duration_ms: number | null;
  output: unknown;
}

/** What the history has of a task's runs, the first due first, once it is as expected. */
const executionsWhen = (task: Task, expected: object[]): Promise<Execution[]> =>
  eventually(async () => {
    const [rows] = await under().installation.database.pool.query(
      'select status, skip_reason, error_message, duration_ms, output from scheduled_task_executions where task_id = ? order by scheduled_for',
      [task.id],
    );
    const executions = (rows as Execution[]).map((row) => ({ ...row, output: row.output === null ? null : parseJson(row.output) }));
    expect(executions).toMatchObject(expected);
    return executions;
  });

/** Old instances of a tenant's, that have completed. */
async function addInstances(tenantId: string, count: number, ageDays: number): Promise<string[]> {
  const createdAtMs = dueMs - ageDays * dayMs;
  const rows = Array.from({ length: count }, (_, index) => ({
    id: instanceId({ tenantId, workflowId: 0, kind: 'event', originId: `${ageDays}/${String(index)}` }),
    tenantId,
    workflowId: null,
    workflowVersion: null,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId: 'lead-1',
    triggeredBy: 'event',
    triggeredByValue: 'event-1',
    status: 'completed' as const,
    progress: 100,
    executedActions: 2,
    failedActions: 0,
    rowVersion: 1,
    journal: '[]',
    publishedSeq: 0,
    wakeAtMs: null,
    waitingFor: null,
    inbox: null,
    startedAtMs: createdAtMs,
    completedAtMs: createdAtMs + 100,
    createdAtMs: createdAtMs + index,
  })).sort((a, b) => a.id.localeCompare(b.id));
  await insertInstances(under().installation.database.pool, rows, 'aa'.repeat(16));
  return rows.toSorted((a, b) => a.createdAtMs - b.createdAtMs).map(({ id }) => id);
}

const countOf = async (tenantId: string): Promise<number> => {
  const sql = 'select count(*) as count from workflow_instances where tenant_id = ? and scheduled_task_id is null';
  const [rows] = await under().installation.database.pool.query(sql, [tenantId]);
  return (rows as { count: number }[])[0]?.count ?? -1;
};

test('a workflow is run with the task’s data, under the task’s name', async () => {
  const version = await under().workflow([
    { action_type: 'add_tag', action_config: { lead_id: '{{ data.lead }}', tag: '{{ data.due_at }}' } },
  ]);
  const task = await addTask('workflow', { workflow_id: version.id, additional_data: { lead: 'lead-5' } }, version.tenant_id);
  const id = await run(task, { workflow_id: version.id, workflow_version: version.version });
  expect(await under().rowWhen(id, { status: 'completed' })).toMatchObject({ scheduledTaskId: task.id, scheduledForMs: dueMs });
  const sent = (await under().crm.values()).filter(({ command_id }) => command_id.startsWith(id));
  expect(sent).toMatchObject([{ command: { 'millrace.AddTag': { lead_id: 'lead-5', tag: new Date(dueMs).toISOString() } } }]);
  await executionsWhen(task, [{ status: 'completed', output: null, error_message: null, duration_ms: expect.any(Number) }]);
});

test('an action is run once, with its output in the log and in the task’s history', async () => {
  const config = { action_type: 'send_email', action_config: { to: '{{ data.to }}', subject: 'Hi', text: 'Due {{ now }}' } };
  const task = await addTask('action', { ...config, data: { to: 'action@example.com' } });
  const id = await run(task);
  const entries = await under().entriesUntil(id, 'instance_completed');
  expect(entries.map(({ type, action_id }) => [type, action_id])).toEqual([
    ['instance_started', null],
    ['action_completed', null],
    ['instance_completed', null],
  ]);
  const output = { message_id: expect.stringContaining('@millrace') };
  expect(JSON.parse(entries[1]?.detail ?? '{}')).toMatchObject({ output });
  await executionsWhen(task, [{ status: 'completed', output, error_message: null, duration_ms: expect.any(Number) }]);
  const [executions] = await under().installation.database.pool.query(
    'select workflow_id, action_id, action_type, status, attempts from workflow_action_executions where instance_id = unhex(?)',
    [id],
  );
  expect(executions).toEqual([{ workflow_id: null, action_id: null, action_type: 'send_email', status: 'completed', attempts: 1 }]);
  const sent = mail.mails.filter((each) => each.recipients.includes('action@example.com'));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers).toContain(`X-Millrace-Action-Key: ${id}/0`);
  expect(sent[0]?.body).toContain(`Due ${new Date(dueMs).toISOString()}`);
});

test('a report counts the day before its due time and is mailed as an attachment', async () => {
  const task = await addTask('report', { report: 'tenant_activity', format: 'csv', email_to: ['report@example.com'] });
  await addInstances(task.tenantId, 3, 1);
  await addInstances(task.tenantId, 2, 2);
  await under().entriesUntil(await run(task), 'instance_completed');
  const head = 'day,instances,workflows,completed,failed,cancelled,running,pending,executed_actions,failed_actions';
  const csv = `${head}\r\n2026-11-23,3,0,3,0,0,0,0,6,0\r\n`;
  const period = { from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' };
  await executionsWhen(task, [{ status: 'completed', output: { report: 'tenant_activity', period, total: 1, truncated: false, csv } }]);
  const [sent] = mail.mails.filter((each) => each.recipients.includes('report@example.com'));
  expect(sent?.headers).toContain('Subject: Millrace report: tenant activity, 2026-11-23 to 2026-11-24');
  expect(sent?.body).toContain('filename=tenant_activity-2026-11-23.csv');
  expect(sent?.body.replaceAll('\r\n', '')).toContain(Buffer.from(csv).toString('base64'));
});

test('of a report that is too long the history keeps the beginning, and says so', async () => {
  const period = { from: '2025-11-24T00:00:00Z', to: '2026-11-24T00:00:00Z' };
  const task = await addTask('report', { report: 'tenant_activity', period });
  await under().entriesUntil(await run(task), 'instance_completed');
  const [execution] = await executionsWhen(task, [{ status: 'completed', output: { total: 365, truncated: true } }]);
  const { rows } = (execution as Execution).output as { rows: { day: string }[] };
  expect(rows.length).toBeGreaterThan(50);
  expect(rows[0]?.day).toBe('2025-11-24');
});

test('a cleanup deletes its tenant’s old instances and says how many', async () => {
  const task = await addTask('cleanup', { target: 'instances', older_than_days: 8 });
  await addInstances(task.tenantId, 5, 30);
  await addInstances(task.tenantId, 2, 7);
  await addInstances('tasks-neighbour', 4, 30);
  await run(task);
  const before = new Date(dueMs - 8 * dayMs).toISOString();
  await executionsWhen(task, [{ status: 'completed', output: { target: 'instances', deleted: 5, complete: true, before } }]);
  expect([await countOf(task.tenantId), await countOf('tasks-neighbour')]).toEqual([2, 4]);
});

test('an action that fails is tried again max_retries times, then the run fails and says why', async () => {
  const config = { action_type: 'send_email', action_config: { to: 'nobody@failing.example', subject: 'Hi', text: 'Hi' } };
  const task = await addTask('action', config);
  const id = await run(task, { max_retries: 2, retry_delay_seconds: 600 });
  for (const tries of [1, 2]) {
    const parked = await under().rowWhen(id, { status: 'running', waitingFor: 'retry', rowVersion: expect.any(Number) });
    expect(recipients.filter((address) => address === 'nobody@failing.example')).toHaveLength(tries);
    expect(parked.wakeAtMs).toBeGreaterThan(Date.now() + 500_000);
    await executionsWhen(task, [{ status: 'running', error_message: null }]);
    await moveWakeAt(under().installation, id);
    await under().resume(id);
    await eventually(() => expect(recipients.filter((address) => address === 'nobody@failing.example')).toHaveLength(tries + 1));
  }
  const entries = await under().entriesUntil(id, 'instance_failed');
  expect(entries.map(({ type }) => type)).toEqual([
    'instance_started',
    ...['action_failed', 'run_retried', 'action_failed', 'run_retried', 'action_failed'],
    'instance_failed',
  ]);
  expect(await under().rowWhen(id, { status: 'failed' })).toMatchObject({ executedActions: 1, failedActions: 1 });
  await executionsWhen(task, [{ status: 'failed', error_message: expect.stringMatching(/^email_refused: Expected .* answered 550$/) }]);
  const [executions] = await under().installation.database.pool.query(
    'select action_id, status, error_code from workflow_action_executions where instance_id = unhex(?)',
    [id],
  );
  expect(executions).toEqual([{ action_id: null, status: 'failed', error_code: 'email_refused' }]);
});

test('a run that waits to be tried again is cancelled, and a cancel that comes again changes nothing', async () => {
  const config = { action_type: 'send_email', action_config: { to: 'nobody@cancelled.example', subject: 'Hi', text: 'Hi' } };
  const task = await addTask('action', config);
  const id = await run(task, { max_retries: 1, retry_delay_seconds: 600 });
  const { rowVersion: row_version } = await under().rowWhen(id, { status: 'running', waitingFor: 'retry' });
  const cancel = { 'millrace.CancelInstance': { row_version, requested_by: 'user-1', reason: 'takes too long' } };
  await under().send(id, () => cancel);
  await under().rowWhen(id, { status: 'cancelled', wakeAtMs: null });
  await under().send(id, () => cancel);
  await under().drained();
  expect((await under().entriesUntil(id, 'instance_cancelled')).filter(({ type }) => type === 'cancel_requested')).toHaveLength(1);
  await executionsWhen(task, [{ status: 'cancelled', skip_reason: null, error_message: 'takes too long' }]);
});

test('an occurrence that comes while one is live is skipped, and says so; where overlap is allowed it runs', async () => {
  const config = { action_type: 'send_email', action_config: { to: 'nobody@overlap.example', subject: 'Hi', text: 'Hi' } };
  const task = await addTask('action', config);
  const live = await run(task, { max_retries: 1, retry_delay_seconds: 600 });
  await under().rowWhen(live, { status: 'running', waitingFor: 'retry' });
  const skipped = await run(task, { due_at: dueMs + 60_000 });
  expect(await under().entriesUntil(skipped, 'instance_cancelled')).toMatchObject([{}, { reason: 'overlap' }]);
  await run(task, { due_at: dueMs + 120_000, overlap_policy: 'allow' });
  await executionsWhen(task, [
    { status: 'running', skip_reason: null },
    { status: 'cancelled', skip_reason: 'overlap', error_message: null, output: null },
    { status: 'failed', skip_reason: null },
  ]);
});

test('an occurrence that is delivered twice runs once', async () => {
  const config = { action_type: 'send_email', action_config: { to: 'once@example.com', subject: 'Hi', text: 'Hi' } };
  const task = await addTask('action', config);
  await Promise.all([run(task), run(task)]);
  await executionsWhen(task, [{ status: 'completed' }]);
  await run(task);
  await under().drained();
  expect(mail.mails.filter((each) => each.recipients.includes('once@example.com'))).toHaveLength(1);
  await executionsWhen(task, [{ status: 'completed' }]);
});

test('a config that no longer fits fails the run with the field’s name', async () => {
  const task = await addTask('cleanup', { target: 'instances', older_than_days: 1 });
  await addInstances(task.tenantId, 1, 30);
  await run(task);
  await executionsWhen(task, [{ status: 'failed', error_message: expect.stringMatching(/^invalid_input: older_than_days/) }]);
  expect(await countOf(task.tenantId)).toBe(1);
});

test('what a run about a lead tells the CRM is about that lead, and so is the run itself', async () => {
  const version = await under().workflow([{ action_type: 'add_tag', action_config: { tag: 'due' } }]);
  const config = { workflow_id: version.id, triggered_by: 'lead_id', triggered_by_value: 'lead-7' };
  const id = await run(await addTask('workflow', config, version.tenant_id), {
    workflow_id: version.id,
    workflow_version: version.version,
  });
  expect(await under().rowWhen(id, { status: 'completed' })).toMatchObject({ entityType: 'lead', entityId: 'lead-7' });
  const [sent] = (await under().crm.values()).filter(({ command_id }) => command_id.startsWith(id));
  expect(sent).toMatchObject({ entity_type: 'lead', entity_id: 'lead-7', command: { 'millrace.AddTag': { lead_id: 'lead-7' } } });
});

test.each<[string, object, { entity_type: string; entity_id?: string }]>([
  ['add_tag', { lead_id: 'lead-8', tag: 'due' }, { entity_type: 'lead', entity_id: 'lead-8' }],
  ['create_task', { lead_id: 'lead-8', title: 'Call' }, { entity_type: 'lead', entity_id: 'lead-8' }],
  ['create_task', { title: 'Call somebody' }, { entity_type: 'scheduled_task' }],
  ['send_notification', { role: 'sales', title: 'Due' }, { entity_type: 'scheduled_task' }],
])('a task’s %s %j is a command about the lead that it names, else about the task', async (action_type, action_config, entity) => {
  const task = await addTask('action', { action_type, action_config });
  const id = await run(task);
  await under().rowWhen(id, { status: 'completed' });
  const [sent] = (await under().crm.values()).filter(({ command_id }) => command_id.startsWith(id));
  expect(sent).toMatchObject({ entity_id: String(task.id), ...entity });
});

test('a cleanup stops with its executor, between two chunks, and another executor goes on with it', async () => {
  const { installation, env, executor } = under();
  const task = await addTask('cleanup', { target: 'instances', older_than_days: 8 });
  const ids = await addInstances(task.tenantId, 700, 30);
  const connection = await installation.database.pool.getConnection();
  await using holding = new AsyncDisposableStack();
  holding.defer(() => connection.rollback());
  await connection.beginTransaction();
  await connection.query('select 1 from workflow_instances where id = unhex(?) for update', [ids[300]]);
  const id = await run(task);
  await eventually(async () => expect(await countOf(task.tenantId)).toBe(400));
  executor.kill('SIGTERM');
  await eventually(() => expect(executor.output()).toContain('executor is stopping'));
  const stoppedAt = performance.now();
  await holding.disposeAsync();
  connection.release();
  expect(await executor.exited).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
  expect(await countOf(task.tenantId)).toBe(400 - stepSizes.instances);
  await using next = await startService('executor', env, await freePort());
  await under().rowWhen(id, { status: 'running', wakeAtMs: expect.any(Number) });
  await under().resume(id);
  await executionsWhen(task, [{ status: 'completed', output: { deleted: 700, complete: true } }]);
  expect(await countOf(task.tenantId)).toBe(0);
  expect(next.hasEnded).toBe(false);
});
