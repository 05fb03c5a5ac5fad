import { expect, test } from 'vitest';
import { startBatches } from './batches.ts';
import { FairQueue } from './fair-queue.ts';
import { createLogger } from './logger.ts';

const logger = createLogger('test', 'silent');

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

test('what is pushed while a batch runs is the next batch, in order', async () => {
  const seen: number[][] = [];
  const first = gate();
  const last = gate();
  await using batches = startBatches<number>({
    name: 'test',
    maxItems: 3,
    logger,
    async runBatch(items) {
      if (seen.length === 0) await first.opened;
      seen.push([...items]);
      if (items.includes(6)) last.open();
    },
  });
  batches.push([1]);
  batches.push([2, 3]);
  batches.push([4, 5, 6]);
  expect(batches.size).toBe(6);
  first.open();
  await last.opened;
  expect(seen).toEqual([[1], [2, 3, 4], [5, 6]]);
});

test('a queue of its own decides what the next batch holds', async () => {
  const seen: string[][] = [];
  const first = gate();
  const last = gate();
  const queue = new FairQueue<{ bytes: number; name: string }>(({ name }) => name);
  await using batches = startBatches({
    name: 'test',
    maxItems: 2,
    logger,
    queue,
    async runBatch(items) {
      if (seen.length === 0) await first.opened;
      seen.push(items.map(({ name }) => name));
      if (seen.length === 3) last.open();
    },
  });
  const item = (name: string) => ({ bytes: 16 * 1024, name });
  batches.push([item('a')]);
  batches.push(['a', 'a', 'a', 'b'].map(item));
  expect(batches.size).toBe(5);
  first.open();
  await last.opened;
  expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'a']]);
});

test('a batch that fails is handed over again before the next one', async () => {
  const seen: string[] = [];
  const last = gate();
  let failures = 2;
  await using batches = startBatches<string>({
    name: 'test',
    maxItems: 1,
    logger,
    pauseMs: { first: 1, longest: 1 },
    async runBatch([item]) {
      seen.push(item as string);
      if (item === 'a' && failures-- > 0) throw new Error('away');
      if (item === 'b') last.open();
    },
  });
  batches.push(['a', 'b']);
  await last.opened;
  expect(seen).toEqual(['a', 'a', 'a', 'b']);
});

test('disposing ends the pause of a failing batch', async () => {
  const tried = gate();
  const batches = startBatches<number>({
    name: 'test',
    maxItems: 1,
    logger,
    pauseMs: { first: 3_600_000, longest: 3_600_000 },
    async runBatch() {
      tried.open();
      throw new Error('away');
    },
  });
  batches.push([1]);
  await tried.opened;
  await batches[Symbol.asyncDispose]();
  expect(batches.size).toBe(0);
});
