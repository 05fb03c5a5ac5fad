import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

interface Item {
  tenant: string;
  name: string;
  bytes: number;
}

const item = (tenant: string, name: string, bytes = 500): Item => ({ tenant, name, bytes });
const names = (items: Item[]) => items.map(({ name }) => name);
const createQueue = () => new FairQueue<Item>(({ tenant }) => tenant);

test('a key keeps the order of its items', () => {
  const queue = createQueue();
  for (let index = 0; index < 5_000; index++) queue.add(item('acme', String(index)));
  const taken: string[] = [];
  while (queue.size > 0) taken.push(...names(queue.take(97)));
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index)));
  expect(queue.bytes).toBe(0);
  expect(queue.keys).toBe(0);
});

test("a key's burst doesn't make another wait behind it", () => {
  const queue = createQueue();
  for (let index = 0; index < 10_000; index++) queue.add(item('large', 'large'));
  queue.add(item('small', 'small'));
  expect(names(queue.take(256))).toContain('small');
});

test('keys share by bytes, not by items', () => {
  const queue = createQueue();
  for (let index = 0; index < 1_000; index++) {
    queue.add(item('heavy', 'heavy', 8_000));
    queue.add(item('light', 'light', 500));
  }
  const taken = names(queue.take(340));
  const bytesOf = (name: string, bytes: number) => taken.filter((each) => each === name).length * bytes;
  expect(bytesOf('heavy', 8_000) / bytesOf('light', 500)).toBeCloseTo(1, 0);
});

test('turns that end with the batch leave no credit for a later burst', () => {
  const queue = createQueue();
  for (let index = 0; index < 20_000; index++) queue.add(item('large', 'large', 200));
  for (let turn = 0; turn < 1_000; turn++) queue.take(2);
  queue.add(item('small', 'small'));
  expect(names(queue.take(100))).toContain('small');
});

test('an item larger than a turn gets its turn in the end', () => {
  const queue = createQueue();
  queue.add(item('acme', 'huge', 256 * 1024));
  queue.add(item('other', 'small'));
  expect(names(queue.take(2)).sort()).toEqual(['huge', 'small']);
});

test('size, bytes and keys tell what waits', () => {
  const queue = createQueue();
  queue.add(item('acme', 'a', 300));
  queue.add(item('acme', 'b', 200));
  queue.add(item('other', 'c', 100));
  expect([queue.size, queue.bytes, queue.keys]).toEqual([3, 600, 2]);
  queue.take(1);
  expect([queue.size, queue.bytes, queue.keys]).toEqual([2, 300, 2]);
  expect(queue.take(5)).toHaveLength(2);
  expect(queue.take(5)).toEqual([]);
  expect([queue.size, queue.bytes, queue.keys]).toEqual([0, 0, 0]);
});
