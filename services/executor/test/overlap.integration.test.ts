import type { ServerResponse } from 'node:http';
import { type ActionOverrides, eventually, freePort, moveWakeAt, type ServiceProcess, sendCommands, startService } from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExecutorUnderTest, startExecutor } from './executor-under-test.ts';
import { startHttpServer } from './http-server.ts';
import { aTaskRun, dueMs, insertTask, sendTaskRun, type Task } from './send-task-run.ts';

// No audit logger runs here: whether an occurrence overlaps doesn't depend on it.

let all: AsyncDisposableStack;
let under: ExecutorUnderTest;
let origin: string;
/** Requests that have come, each held until it is answered. */
let requests: ServerResponse[];

beforeEach(async () => {
  all = new AsyncDisposableStack();
  requests = [];
  const server = all.use(await startHttpServer((response) => void requests.push(response)));
  origin = server.origin;
  under = await startExecutor('executor-overlap', { HTTP_ALLOWED_ORIGINS: origin }, all);
});
afterEach(() => all.disposeAsync());

const waits: ActionOverrides[] = [
  { action_type: 'add_tag', action_config: { lead_id: 'lead-1', tag: 'woken' }, delay_seconds: 315_360_000 },
];
const requestOf = () => eventually(() => expect(requests).toHaveLength(1)).then(() => requests.shift() as ServerResponse);
const answer = (response: ServerResponse, status: number) => void response.writeHead(status).end();

async function addTask(version: WorkflowVersion): Promise<Task> {
  return insertTask(under.installation, { tenantId: version.tenant_id, type: 'workflow', config: { workflow_id: version.id } });
}
const command = (task: Task, version: WorkflowVersion, number: number) => {
  const due_at = dueMs + number * 60_000;
  return aTaskRun(task, { due_at, workflow_id: version.id, workflow_version: version.version });
};
/** Sends the occurrence of this number; answers its instance's id. */
async function run(task: Task, version: WorkflowVersion, number: number): Promise<string> {
  const sent = command(task, version, number);
  await sendCommands(under.installation, [sent]);
  return sent.instance_id;
}
const expectSkipped = async (id: string) => {
  await under.rowWhen(id, { status: 'cancelled' });
  expect(await under.entriesUntil(id, 'instance_cancelled')).toMatchObject([{}, { reason: 'overlap' }]);
};
async function kill(executor: ServiceProcess): Promise<void> {
  executor.kill('SIGKILL');
  await executor.exited;
}
const startAnother = async () => all.use(await startService('executor', under.env, await freePort()));
const liveRuns = async () => {
  const [rows] = await under.installation.database.pool.query('select count(*) as live from live_task_runs');
  return (rows as { live: number }[])[0]?.live;
};
/** The row of a run that has ended goes in a statement of its own, after the one that ends it. */
const noneLive = () => eventually(async () => expect(await liveRuns()).toBe(0));

test('an occurrence right after an executor was killed is skipped while the one before it is parked, and the next one runs once that has ended', async () => {
  const version = await under.workflow(waits);
  const task = await addTask(version);
  const first = await run(task, version, 1);
  await under.rowWhen(first, { status: 'running', waitingFor: 'delay' });
  await kill(under.executor);
  const second = await run(task, version, 2);
  await startAnother();
  await expectSkipped(second);
  await moveWakeAt(under.installation, first);
  await under.resume(first);
  await under.rowWhen(first, { status: 'completed' });
  await noneLive();

  await sendCommands(under.installation, [command(task, version, 1), command(task, version, 2)]);
  const third = await run(task, version, 3);
  await under.rowWhen(third, { status: 'running', waitingFor: 'delay' });
  expect(await under.row(second)).toMatchObject({ status: 'cancelled' });
  expect(await liveRuns()).toBe(1);
});

test('a run whose call was cut off by a kill begins again and the occurrence behind it is skipped, both delivered again at once', async () => {
  const task = await insertTask(under.installation, {
    tenantId: 'acme',
    type: 'action',
    config: { action_type: 'http_request', action_config: { url: `${origin}/slow` } },
  });
  const first = await sendTaskRun(under.installation, task, { due_at: dueMs });
  await requestOf();
  const second = await sendTaskRun(under.installation, task, { due_at: dueMs + 60_000 });
  await expectSkipped(second);
  await kill(under.executor);
  const third = await sendTaskRun(under.installation, task, { due_at: dueMs + 120_000 });
  await startAnother();
  const again = await requestOf();
  await expectSkipped(third);
  answer(again, 200);
  await under.rowWhen(first, { status: 'completed' });
  const fourth = await sendTaskRun(under.installation, task, { due_at: dueMs + 180_000 });
  answer(await requestOf(), 200);
  await under.rowWhen(fourth, { status: 'completed' });
  await noneLive();
});

test('of tasks whose partitions go from one executor to another and back no two runs overlap', async () => {
  const version = await under.workflow(waits);
  const tasks = await Promise.all(Array.from({ length: 24 }, () => addTask(version)));
  const runAll = (number: number) => Promise.all(tasks.map((task) => run(task, version, number)));
  const first = await runAll(1);
  const other = await startAnother();
  const second = await runAll(2);
  for (const id of second) await expectSkipped(id);
  await kill(under.executor);
  const third = await runAll(3);
  for (const id of third) await expectSkipped(id);
  await startAnother();
  const fourth = await runAll(4);
  for (const id of fourth) await expectSkipped(id);
  for (const id of first) await under.rowWhen(id, { status: 'running', waitingFor: 'delay' });
  expect(other.hasEnded).toBe(false);
});

test('a run that was retried by hand is live again', async () => {
  const version = await under.workflow([{ action_type: 'http_request', action_config: { url: `${origin}/refusing` } }]);
  const task = await addTask(version);
  const first = await run(task, version, 1);
  answer(await requestOf(), 400);
  await under.rowWhen(first, { status: 'failed' });
  await noneLive();
  await under.send(first, ({ rowVersion }) => ({
    'millrace.RetryInstance': { row_version: rowVersion, requested_by: 'user-1', use_latest_version: false },
  }));
  const held = await requestOf();
  await expectSkipped(await run(task, version, 2));
  answer(held, 200);
  await under.rowWhen(first, { status: 'completed' });
  await noneLive();
});
