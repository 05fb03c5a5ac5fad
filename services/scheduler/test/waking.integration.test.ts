import { eventually, type ServiceProcess, startTcpProxy } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchedulerTest, type SchedulerUnderTest } from './scheduler-under-test.ts';

let under: SchedulerUnderTest;
let scheduler: ServiceProcess;
beforeAll(async () => {
  under = await createSchedulerTest();
  scheduler = await under.start({ SWEEP_AFTER_MS: '2000' });
});
afterAll(() => under[Symbol.asyncDispose]());

const resumesOnce = (id: string, count = 1) =>
  eventually(async () => {
    const resumes = await under.resumes(id);
    expect(resumes).toHaveLength(count);
    return resumes;
  });

test('a parked row is woken at its time; as it stays there it is woken again after 10 s, and at once in a new version', async () => {
  const row = await under.park({ rowVersion: 7, wakeAtMs: Date.now() + 1_500 });
  const dueMs = row.wakeAtMs as number;
  const [first] = await resumesOnce(row.id);
  expect(first).toMatchObject({ row_version: 7 });
  expect(first?.atMs).toBeGreaterThanOrEqual(dueMs);
  expect(first?.atMs).toBeLessThan(dueMs + 1_000);

  const [, second] = await resumesOnce(row.id, 2);
  expect(second).toMatchObject({ row_version: 7 });
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(9_500);

  await under.installation.database.pool.query('update workflow_instances set row_version = 8 where id = unhex(?)', [row.id]);
  const [, , third] = await resumesOnce(row.id, 3);
  expect(third).toMatchObject({ row_version: 8 });
  expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeLessThan(2_000);
});

test('what is overdue, ended with entries to publish, or was only accepted by the API is woken too', async () => {
  const hourAgo = Date.now() - 3_600_000;
  const rows = await Promise.all([
    under.park({ wakeAtMs: hourAgo }),
    under.park({ status: 'completed', wakeAtMs: hourAgo }),
    under.park({ status: 'pending', rowVersion: 0, wakeAtMs: Date.now() }),
  ]);
  const versions = await Promise.all(rows.map(async ({ id }) => (await resumesOnce(id))[0]?.row_version));
  expect(versions).toEqual([1, 1, 0]);
});

test('a row that nothing would wake and nobody has touched is resumed, one that is being worked on is not', async () => {
  const stale = await under.park({ wakeAtMs: null, rowVersion: 3, createdAtMs: Date.now() - 60_000 });
  const fresh = await under.park({ wakeAtMs: null, createdAtMs: Date.now() + 60_000 });
  const ended = await under.park({ wakeAtMs: null, status: 'completed', createdAtMs: Date.now() - 60_000 });
  const [resume] = await resumesOnce(stale.id);
  expect(resume).toMatchObject({ row_version: 3 });
  expect(scheduler.output()).toContain('instances that nobody has touched are resumed');
  expect(await Promise.all([fresh, ended].map(({ id }) => under.resumes(id)))).toEqual([[], []]);
});

test('while the database is away the scheduler lives, wakes nothing, and goes on afterwards', async () => {
  await using other = await createSchedulerTest();
  await using proxy = await startTcpProxy(other.installation.databaseUrl);
  const waiting = await other.start({ DATABASE_URL: proxy.url });
  await eventually(async () => expect(await waiting.ready()).toMatchObject({ active: true }));
  const row = await other.park({ wakeAtMs: Date.now() + 2_500 });
  await eventually(async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${waiting.healthPort}/metrics`)).text();
    expect(metrics).toMatch(/^millrace_scheduler_due(?:\{.*\})? 1\b/m);
  });
  proxy.cut();
  const live = async () =>
    (await fetch(`http://127.0.0.1:${waiting.healthPort}/health/live`, { signal: AbortSignal.timeout(1_000) })).status;
  await eventually(async () => {
    expect(await live()).toBe(200);
    expect(Date.now()).toBeGreaterThan((row.wakeAtMs ?? 0) + 1_000);
  });
  await expect(waiting.ready()).rejects.toThrow('Expected an answer from the database');
  expect(await other.resumes(row.id)).toEqual([]);
  proxy.mend();
  await eventually(async () => expect(await other.resumes(row.id)).toHaveLength(1));
});
