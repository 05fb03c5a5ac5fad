import { expect, test } from 'vitest';
import { paced } from './paced.ts';

/** Time that passes only where it is said to. */
function standingTime() {
  const time = { ms: 0, rests: [] as number[] };
  const pacer = {
    elapsed: () => time.ms,
    sleep: async (ms: number) => void time.rests.push(ms),
  };
  return { time, pacer };
}

test('a step is followed by a rest of twice its length', async () => {
  const { time, pacer } = standingTime();
  const step = (ms: number) => async () => {
    time.ms += ms;
    return `took ${ms}`;
  };
  expect(await paced(step(40), undefined, pacer)).toBe('took 40');
  expect(await paced(step(7), undefined, pacer)).toBe('took 7');
  expect(time.rests).toEqual([80, 14]);
});

test('a step that fails is not rested after', async () => {
  const { time, pacer } = standingTime();
  await expect(paced(() => Promise.reject(new Error('away')), undefined, pacer)).rejects.toThrow('away');
  expect(time.rests).toEqual([]);
});

test('an aborted signal ends the rest, not the step', async () => {
  const stopping = new AbortController();
  const step = () => new Promise((resolve) => setImmediate(() => resolve(stopping.abort())));
  await paced(step, stopping.signal);
  expect(await paced(async () => 'done', AbortSignal.abort())).toBe('done');
});
