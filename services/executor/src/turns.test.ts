import { expect, test } from 'vitest';
import { Limiter } from './limiter.ts';

test('what is over the limit waits until one is given back', async () => {
  const limiter = new Limiter(1);
  expect(await limiter.acquire('acme', 1_000)).toBe(true);
  const second = limiter.acquire('acme', 10_000);
  limiter.release('acme');
  expect(await second).toBe(true);
});

test('without room in time the answer is no, and nothing is taken', async () => {
  const limiter = new Limiter(1);
  await limiter.acquire('acme', 1_000);
  expect(await limiter.acquire('acme', 1)).toBe(false);
  limiter.release('acme');
  expect(await limiter.acquire('acme', 1)).toBe(true);
});

test('one key does not wait for another', async () => {
  const limiter = new Limiter(1);
  await limiter.acquire('acme', 1_000);
  expect(await limiter.acquire('globex', 1)).toBe(true);
});
