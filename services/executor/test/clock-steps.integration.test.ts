import { createSteppedClock, eventually, type SteppedClock } from '@millrace/testing';
import { afterAll, expect, test } from 'vitest';
import { useExecutor } from './executor-under-test.ts';

let clock: SteppedClock;
const under = useExecutor('executor-clock', async () => {
  clock = await createSteppedClock('preload');
  return clock.env;
});
afterAll(() => clock[Symbol.asyncDispose]());

test.each([600, -600])(
  'where its machine’s clock is %s s off an executor parks by the true time, and goes on at once with what is due',
  async (offsetSeconds) => {
    await clock.set(offsetSeconds);
    const version = await under().workflow([
      { action_type: 'set_variable', action_config: { name: 'now', value: '{{ now }}' } },
      { action_type: 'add_tag', action_config: { tag: 'woken' }, delay_seconds: 1 },
    ]);
    const id = await under().start(version, { event_id: `off-by-${offsetSeconds}` });
    const parked = await under().rowWhen(id, { status: 'running', waitingFor: 'delay' });
    const nearMs = 60_000;
    for (const at of [parked.createdAtMs, parked.startedAtMs, parked.wakeAtMs])
      expect(Math.abs((at ?? 0) - Date.now())).toBeLessThan(nearMs);
    await eventually(() => expect(Date.now()).toBeGreaterThan(parked.wakeAtMs ?? 0));
    await under().resume(id);
    const ended = await under().rowWhen(id, { status: 'completed' });
    expect(Math.abs((ended.completedAtMs ?? 0) - Date.now())).toBeLessThan(nearMs);
  },
);
