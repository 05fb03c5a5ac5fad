import { eventually, type ServiceProcess } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createSchedulerTest, type SchedulerUnderTest } from './scheduler-under-test.ts';

async function activeOf(schedulers: readonly ServiceProcess[]): Promise<ServiceProcess> {
  return eventually(async () => {
    const ready = await Promise.all(schedulers.map((scheduler) => scheduler.ready()));
    const active = schedulers.filter((_, at) => ready[at]?.active === true);
    expect(active).toHaveLength(1);
    return active[0] as ServiceProcess;
  });
}

/** The due times of what was sent, each once; throws where one is missing between the first and the last. */
function contiguous(runs: Awaited<ReturnType<SchedulerUnderTest['runs']>>): number[] {
  const dues = [...new Set(runs.map(({ due_at }) => due_at))].sort((a, b) => a - b);
  expect(dues).toEqual(dues.map((_, at) => (dues[0] ?? 0) + at * 1_000));
  return dues;
}

test.each([
  ['SIGKILL', 2_000],
  ['SIGTERM', 1_000],
] as const)(
  'of two schedulers one is ended by %s: the other takes over within %s ms, and each occurrence is there once',
  async (signal, withinMs) => {
    await using under = await createSchedulerTest();
    const schedulers = await Promise.all([under.start(), under.start()]);
    const tasks = await Promise.all(Array.from({ length: 20 }, () => under.addTask({ schedule: '* * * * * *' })));
    const first = await activeOf(schedulers);
    const runsBefore = (count: number) =>
      eventually(async () => {
        for (const id of tasks) expect((await under.runs(id)).length).toBeGreaterThanOrEqual(count);
      });
    await runsBefore(3);
    const parked = await under.park({ wakeAtMs: Date.now() + 500 });
    const endedAt = Date.now();
    first.kill(signal);
    expect(await first.exited).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0);
    const sentBefore = (await under.runs(tasks[0] as number)).length;
    await runsBefore(sentBefore + 3);

    for (const id of tasks) {
      const runs = await under.runs(id);
      contiguous(runs);
      expect(runs.every(({ skip_reason }) => skip_reason === null)).toBe(true);
      // An occurrence that was sent and not yet noted comes again as the same instance.
      expect(new Set(runs.map(({ instanceId }) => instanceId)).size).toBe(new Set(runs.map(({ due_at }) => due_at)).size);
      const late = runs.map(({ atMs, due_at }) => atMs - due_at);
      expect(Math.max(...late)).toBeLessThan(withinMs + 1_000);
    }
    const taken = (await Promise.all(tasks.map((id) => under.runs(id)))).flat().filter(({ atMs }) => atMs > endedAt + 50);
    expect(Math.min(...taken.map(({ atMs }) => atMs)) - endedAt).toBeLessThan(withinMs + 1_000);
    const [resume] = await eventually(async () => {
      const resumes = await under.resumes(parked.id);
      expect(resumes).toHaveLength(1);
      return resumes;
    });
    expect((resume?.atMs ?? 0) - (parked.wakeAtMs ?? 0)).toBeLessThan(withinMs);
  },
);
