import { expect, test } from 'vitest';
import { createLogger, startLoop } from './index.ts';

const logger = createLogger('test', 'silent');
const longMs = 3_600_000;

/** Resolves when it was passed as often as asked. */
function turnstile() {
  const waiting: { count: number; resolve: () => void }[] = [];
  let passed = 0;
  return {
    pass() {
      passed += 1;
      for (const { count, resolve } of waiting) if (passed >= count) resolve();
    },
    reached(count: number) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, resolve });
      if (passed >= count) resolve();
      return promise;
    },
    get passed() {
      return passed;
    },
  };
}

test('the first turn comes at once, the next after the pause', async () => {
  const turns = turnstile();
  await using _ = startLoop({ name: 'test', everyMs: 1, logger, runOnce: async () => turns.pass() });
  await turns.reached(3);
});

test('a wake-up ends the pause', async () => {
  const turns = turnstile();
  await using loop = startLoop({ name: 'test', everyMs: longMs, logger, runOnce: async () => turns.pass() });
  await turns.reached(1);
  await new Promise(setImmediate);
  loop.wake();
  await turns.reached(2);
});

test('a wake-up during a turn makes another right after it', async () => {
  const turns = turnstile();
  const loop = startLoop({
    name: 'test',
    everyMs: longMs,
    logger,
    async runOnce() {
      await new Promise(setImmediate);
      if (turns.passed === 0) loop.wake();
      turns.pass();
    },
  });
  await turns.reached(2);
  await loop[Symbol.asyncDispose]();
});

test('a turn that fails is not the last', async () => {
  const turns = turnstile();
  await using _ = startLoop({
    name: 'test',
    everyMs: 1,
    logger,
    async runOnce() {
      turns.pass();
      throw new Error('away');
    },
  });
  await turns.reached(3);
});

test('disposing tells the running turn, waits for it and starts no other', async () => {
  const turns = turnstile();
  let isOver = false;
  const loop = startLoop({
    name: 'test',
    everyMs: 1,
    logger,
    async runOnce(signal) {
      turns.pass();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => setImmediate(resolve), { once: true }));
      isOver = true;
    },
  });
  await turns.reached(1);
  await loop[Symbol.asyncDispose]();
  expect([isOver, turns.passed]).toEqual([true, 1]);
});
