import { expect, test } from 'vitest';
import { createGiveWay } from './give-way.ts';

const holdFor = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until; );
};

test('a timer gets its turn in the middle of a long calculation', async () => {
  const giveWay = createGiveWay(5);
  let fired = 0;
  setTimeout(() => (fired += 1), 1);
  for (let step = 0; step < 20 && fired === 0; step++) {
    holdFor(3);
    await giveWay();
  }
  expect(fired).toBe(1);
});

test('a short one is not interrupted', async () => {
  const giveWay = createGiveWay(60_000);
  let fired = 0;
  setImmediate(() => (fired += 1));
  for (let step = 0; step < 1_000; step++) await giveWay();
  expect(fired).toBe(0);
});
