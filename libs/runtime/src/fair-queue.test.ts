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

/** Rates by tenant, and a clock that stands still. */
function createLimited(rates: Record<string, number>) {
  const clock = { ms: 0 };
  const queue = new FairQueue<Item>(({ tenant }) => tenant, {
    rate: { perSecond: (tenant) => rates[tenant] ?? Number.POSITIVE_INFINITY, now: () => clock.ms },
  });
  const add = (tenant: string, count: number, bytes?: number) => {
    for (let index = 0; index < count; index++) queue.add(item(tenant, `${tenant}-${index}`, bytes));
  };
  return { queue, clock, add, rates };
}

test('a key is taken at its rate, in its order, after a burst of one second', () => {
  const { queue, clock, add } = createLimited({ acme: 10 });
  add('acme', 100);
  const taken: string[] = [];
  for (; clock.ms < 3_000; clock.ms += 50) taken.push(...names(queue.take(256)));
  expect(taken).toEqual(Array.from({ length: 39 }, (_, index) => `acme-${index}`));
});

test('a key beyond its rate blocks no other', () => {
  const { queue, add } = createLimited({ slow: 1 });
  add('slow', 10_000);
  add('other', 300);
  expect(queue.take(256).filter(({ tenant }) => tenant === 'other')).toHaveLength(255);
  expect(names(queue.take(256))).toEqual(Array.from({ length: 45 }, (_, index) => `other-${index + 255}`));
  expect(queue.take(256)).toEqual([]);
  expect([queue.size, queue.keys]).toEqual([9_999, 1]);
});

test('where all are beyond their rates it says when one has room', () => {
  const { queue, clock, add, rates } = createLimited({ slow: 1, quick: 4 });
  expect(queue.msUntilRoom()).toBeNull();
  add('slow', 5);
  add('quick', 9);
  expect(queue.msUntilRoom()).toBe(0);
  expect(queue.take(256)).toHaveLength(5);
  expect(queue.msUntilRoom()).toBe(250);
  clock.ms = 250;
  expect(queue.msUntilRoom()).toBe(0);
  expect(names(queue.take(256))).toEqual(['quick-4']);
  rates.quick = 100;
  expect(queue.msUntilRoom()).toBe(10);
});

test('what is refunded leaves its room to the next', () => {
  const { queue, add } = createLimited({ acme: 2 });
  add('acme', 5);
  const [first] = queue.take(256) as [Item];
  queue.refund(first);
  expect(names(queue.take(256))).toEqual(['acme-2']);
  expect(queue.take(256)).toEqual([]);
});

test('less than one a second still is a rate', () => {
  const { queue, clock, add } = createLimited({ acme: 0.5 });
  add('acme', 3);
  expect(queue.take(9)).toHaveLength(1);
  expect(queue.msUntilRoom()).toBe(2_000);
  clock.ms = 2_000;
  expect(queue.take(9)).toHaveLength(1);
});

test('large items of a limited key get their turn', () => {
  const { queue, add } = createLimited({ acme: 2 });
  add('acme', 2, 256 * 1024);
  expect(queue.take(9)).toHaveLength(2);
});

test('keys that came and went take no room for ever', () => {
  const clock = { ms: 0 };
  const limited = new FairQueue<Item>(({ tenant }) => tenant, { rate: { perSecond: () => 1, now: () => clock.ms } });
  for (let index = 0; index < 25_000; index++) {
    clock.ms += 1;
    limited.add(item(`tenant-${index}`, 'a'));
    expect(limited.take(9)).toHaveLength(1);
  }
  expect(limited.limitedKeys).toBeLessThan(12_000);
});

test('what several keys wait behind is smaller than what one key is taken by alone', () => {
  const queue = new FairQueue<Item>(({ tenant }) => tenant, { sharedMost: 10 });
  for (let index = 0; index < 100; index++) queue.add(item('large', 'large', 10));
  expect(queue.take(40)).toHaveLength(40);
  queue.add(item('small', 'small', 10));
  expect(names(queue.take(40))).toEqual(Array.from({ length: 10 }, () => 'large'));
  expect(names(queue.take(40))).toEqual(['small', ...Array.from({ length: 9 }, () => 'large')]);
  expect(queue.take(40)).toHaveLength(40);
});

test('a take ends before it has too many bytes, and what did not fit is the first of the next', () => {
  const queue = createQueue();
  queue.add(item('acme', 'a', 400));
  queue.add(item('acme', 'b', 500));
  queue.add(item('acme', 'c', 200));
  queue.add(item('acme', 'huge', 5_000));
  queue.add(item('acme', 'd', 100));
  expect(names(queue.take(9, { maxBytes: 1_000 }))).toEqual(['a', 'b']);
  expect(names(queue.take(9, { maxBytes: 1_000 }))).toEqual(['c']);
  expect(names(queue.take(9, { maxBytes: 1_000 }))).toEqual(['huge']);
  expect(names(queue.take(9, { maxBytes: 1_000 }))).toEqual(['d']);
  expect([queue.size, queue.bytes]).toEqual([0, 0]);
});

test('a key that the caller has no room for is passed over, also in what a take goes around again', () => {
  const queue = createQueue();
  for (let index = 0; index < 100; index++) queue.add(item('full', 'full', 8_000));
  for (let index = 0; index < 100; index++) queue.add(item('some', 'some', 8_000));
  const room = (key: string) => ({ full: 0, some: 5 })[key] ?? Number.POSITIVE_INFINITY;
  expect(names(queue.take(50, { roomOf: room }))).toEqual(['some', 'some', 'some', 'some', 'some']);
  expect(queue.take(50, { roomOf: () => 0 })).toEqual([]);
  expect(queue.msUntilRoom({ roomOf: () => 0 })).toBeNull();
  expect(queue.msUntilRoom({ roomOf: room })).toBe(0);
});
