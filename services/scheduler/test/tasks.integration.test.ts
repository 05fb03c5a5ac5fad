import { eventually } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchedulerTest, type SchedulerUnderTest } from './scheduler-under-test.ts';

let under: SchedulerUnderTest;
beforeAll(async () => {
  under = await createSchedulerTest();
  await under.start();
});
afterAll(() => under[Symbol.asyncDispose]());

const everySecond = '* * * * * *';
const yearly = '0 0 1 1 *';
const newYear = (ago: number) => new Date(Date.UTC(new Date().getUTCFullYear() - ago, 0, 1));
/** Computed, and missed for three years. */
const missed = { schedule: yearly, computed_revision: 1, next_run_at: newYear(2), catch_up_window_seconds: 315_360_000 };

const runsOnce = (taskId: number, count: number) =>
  eventually(async () => {
    const runs = await under.runs(taskId);
    expect(runs.length).toBeGreaterThanOrEqual(count);
    return runs;
  });

interface TaskRow {
  next_run_at: Date | null;
  last_run_at: Date | null;
  computed_revision: number | null;
  state: string;
  state_reason: string | null;
}

async function readTask(id: number): Promise<TaskRow> {
  const [rows] = await under.installation.database.pool.query('select * from scheduled_tasks where id = ?', [id]);
  return (rows as [TaskRow])[0];
}

test('a task of every second runs every second, each occurrence once', async () => {
  const id = await under.addTask({ schedule: everySecond, config: '{"a":1}', max_retries: 2, retry_delay_seconds: 5 });
  const runs = await runsOnce(id, 4);
  const [first] = runs;
  expect(runs.map(({ due_at }) => due_at)).toEqual(runs.map((_, at) => (first?.due_at ?? 0) + at * 1_000));
  expect(new Set(runs.map(({ instanceId }) => instanceId)).size).toBe(runs.length);
  for (const { atMs, due_at } of runs) {
    expect(atMs).toBeGreaterThanOrEqual(due_at);
    expect(atMs).toBeLessThan(due_at + 2_000);
  }
  expect(first).toMatchObject({
    task_type: 'report',
    task_config: '{"a":1}',
    task_revision: 1,
    max_retries: 2,
    retry_delay_seconds: 5,
    skip_reason: null,
  });
  const task = await readTask(id);
  expect(task).toMatchObject({ computed_revision: 1, state: 'active', state_reason: null });
  expect(Number(task.next_run_at)).toBeGreaterThan(Number(task.last_run_at));
});

test.each([
  ['skip', ['misfire', 'misfire', 'misfire']],
  ['fire_once', ['misfire', 'misfire', null]],
  ['fire_all', [null, null, null]],
])('after a downtime the policy %s says what runs, and what is skipped is sent with its reason', async (misfire_policy, reasons) => {
  const id = await under.addTask({ ...missed, misfire_policy });
  const runs = await runsOnce(id, 3);
  expect(runs.map(({ due_at }) => due_at)).toEqual([2, 1, 0].map((ago) => newYear(ago).getTime()));
  expect(runs.map(({ skip_reason }) => skip_reason)).toEqual(reasons);
  await eventually(async () => expect((await readTask(id)).next_run_at).toEqual(newYear(-1)));
});

test('of more tasks than a page has each that is due at once runs once, and is due again at its next time', async () => {
  const count = 2_500;
  const { pool } = under.installation.database;
  const due = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 2_000);
  const columns = 'tenant_id, name, type, config, schedule, enabled, computed_revision, next_run_at';
  const rows = Array.from({ length: count }, (_, number) => ['crowd', `Task ${number}`, 'report', '{}', yearly, true, 1, due]);
  await pool.query(`insert into scheduled_tasks (${columns}) values ?`, [rows]);
  await eventually(async () => {
    const [waiting] = await pool.query("select count(*) as due from scheduled_tasks where tenant_id = 'crowd' and next_run_at <= ?", [due]);
    expect(waiting).toEqual([{ due: 0 }]);
  });
  const [tasks] = await pool.query("select id, next_run_at, last_run_at from scheduled_tasks where tenant_id = 'crowd'");
  const runs = await under.allRuns();
  const byTask = Map.groupBy(runs, ({ task_id }) => task_id);
  for (const { id, next_run_at, last_run_at } of tasks as ({ id: number } & TaskRow)[]) {
    expect(byTask.get(id)?.map(({ due_at }) => due_at)).toEqual([due.getTime()]);
    expect([next_run_at, last_run_at]).toEqual([newYear(-1), due]);
  }
});

test('an edit fires nothing that was due before it', async () => {
  const id = await under.addTask({ ...missed, misfire_policy: 'fire_all', revision: 2 });
  await eventually(async () => expect(await readTask(id)).toMatchObject({ computed_revision: 2, next_run_at: newYear(-1) }));
  expect(await under.runs(id)).toEqual([]);
});

test('a disabled task neither runs nor is computed', async () => {
  const disabled = await under.addTask({ ...missed, enabled: false });
  const enabled = await under.addTask(missed);
  await runsOnce(enabled, 3);
  expect(await under.runs(disabled)).toEqual([]);
  expect((await readTask(disabled)).next_run_at).toEqual(newYear(2));
});

test('a schedule that can not be computed ends in an error with its reason, and the others go on', async () => {
  const broken = await under.addTask({ schedule: 'every now and then' });
  const noZone = await under.addTask({ schedule: everySecond, timezone: 'Mars/Olympus' });
  const noDate = await under.addTask({ schedule: '0 0 30 2 *' });
  const fine = await under.addTask({ schedule: everySecond });
  await runsOnce(fine, 1);
  for (const [id, reason] of [
    [broken, 'Expected 5 fields'],
    [noZone, 'Mars/Olympus'],
    [noDate, 'no date'],
  ] as const) {
    const task = await eventually(async () => {
      const found = await readTask(id);
      expect(found.state).toBe('error');
      return found;
    });
    expect(task).toMatchObject({ next_run_at: null, computed_revision: 1, state_reason: expect.stringMatching(reason) });
  }
  await under.installation.database.pool.query('update scheduled_tasks set schedule = ?, revision = 2 where id = ?', [everySecond, broken]);
  await runsOnce(broken, 1);
  expect(await readTask(broken)).toMatchObject({ state: 'active', state_reason: null });
});

test('a task whose end has come has ended', async () => {
  const id = await under.addTask({ schedule: everySecond, end_at: new Date(Date.now() + 2_500) });
  await eventually(async () => expect(await readTask(id)).toMatchObject({ state: 'ended', state_reason: 'end_at', next_run_at: null }));
  const runs = await under.runs(id);
  expect(runs.length).toBeGreaterThan(0);
});

test('a workflow that is disabled, deleted or gone is a skip that says so', async () => {
  const { pool } = under.installation.database;
  const addWorkflow = async (columns: Record<string, unknown>) => {
    const row = { tenant_id: 'acme', name: `w ${process.hrtime.bigint()}`, enabled: true, version: 4, ...columns };
    const [inserted] = await pool.query('insert into workflows set ?', [row]);
    return (inserted as { insertId: number }).insertId;
  };
  const [enabled, disabled, deleted] = await Promise.all([
    addWorkflow({}),
    addWorkflow({ enabled: false }),
    addWorkflow({ deleted_at: new Date() }),
  ]);
  const cases = [
    [enabled, { workflow_id: enabled, workflow_version: 4, skip_reason: null }],
    [disabled, { workflow_id: disabled, workflow_version: 4, skip_reason: 'workflow_disabled' }],
    [deleted, { workflow_id: null, workflow_version: null, skip_reason: 'workflow_deleted' }],
    [999_999, { workflow_id: null, workflow_version: null, skip_reason: 'workflow_missing' }],
  ] as const;
  for (const [workflow_id, expected] of cases) {
    const id = await under.addTask({ schedule: everySecond, type: 'workflow', workflow_id });
    expect((await runsOnce(id, 1))[0]).toMatchObject(expected);
  }
});

test.each([
  ['{"workflow_id":1,"triggered_by":"lead_id","triggered_by_value":"lead-7"}', { entityType: 'lead', entityId: 'lead-7' }],
  ['{"workflow_id":1}', { entityType: 'scheduled_task' }],
])('a run with the config %s goes out about the record that it names, else about the task', async (config, entity) => {
  const id = await under.addTask({ schedule: everySecond, type: 'workflow', workflow_id: 999_999, config });
  const [run] = await runsOnce(id, 1);
  expect(run).toMatchObject({ entityId: String(id), ...entity });
});
