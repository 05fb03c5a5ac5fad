import { createSteppedClock, eventually } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createSchedulerTest } from './scheduler-under-test.ts';

test('steps of the schedulers’ clocks by ten minutes fire nothing early, twice or never, and a takeover between two clocks neither', async () => {
  await using under = await createSchedulerTest();
  await using ahead = await createSteppedClock('preload');
  await using behind = await createSteppedClock('preload');
  const schedulers = [await under.start(ahead.env), await under.start(behind.env)];
  const tasks = await Promise.all(Array.from({ length: 5 }, () => under.addTask({ schedule: '* * * * * *', misfire_policy: 'skip' })));
  const hourly = await under.addTask({ schedule: '0 * * * *' });
  const later = await under.park({ wakeAtMs: Date.now() + 300_000 });

  /** Nothing was sent that wasn't due by this process's clock. */
  const runsOf = async (taskId: number) => {
    const runs = await under.runs(taskId);
    const nowMs = Date.now();
    for (const { due_at } of runs) expect(due_at).toBeLessThanOrEqual(nowMs);
    return runs;
  };
  const moreRuns = async () => {
    const before = await Promise.all(tasks.map(async (id) => (await runsOf(id)).length));
    await eventually(async () => {
      for (const [at, id] of tasks.entries()) expect((await runsOf(id)).length).toBeGreaterThanOrEqual((before[at] ?? 0) + 3);
    });
  };
  const expectWoken = async () => {
    const row = await under.park({ wakeAtMs: Date.now() + 1_000 });
    await eventually(async () => {
      const resumes = await under.resumes(row.id);
      if (Date.now() < (row.wakeAtMs ?? 0)) expect(resumes).toEqual([]);
      expect(resumes).toHaveLength(1);
    });
  };
  await moreRuns();
  for (const [one, other] of [
    [600, -600],
    [-600, 600],
  ] as const) {
    await Promise.all([ahead.set(one), behind.set(other)]);
    await moreRuns();
    await expectWoken();
  }
  const active = await Promise.all(schedulers.map(async (scheduler) => (await scheduler.ready()).active === true));
  schedulers[active.indexOf(true)]?.kill('SIGKILL');
  await moreRuns();
  await Promise.all([ahead.set(0), behind.set(0)]);
  await moreRuns();
  await expectWoken();

  for (const id of tasks) {
    const runs = await runsOf(id);
    const dues = [...new Set(runs.map(({ due_at }) => due_at))].sort((a, b) => a - b);
    expect(dues).toEqual(dues.map((_, at) => (dues[0] ?? 0) + at * 1_000));
    expect(new Set(runs.map(({ instanceId }) => instanceId)).size).toBe(dues.length);
    expect(runs.filter(({ skip_reason }) => skip_reason !== null)).toEqual([]);
  }
  expect(await under.resumes(later.id)).toEqual([]);
  expect((await runsOf(hourly)).length).toBeLessThanOrEqual(1);
});
