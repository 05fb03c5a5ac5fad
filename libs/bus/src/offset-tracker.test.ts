import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOffsetTracker } from './index.ts';

const mark = (partition: number, offset: number) => ({ topic: 't', partition, offset });

function trackerOf(...offsets: number[]) {
  const tracker = createOffsetTracker();
  for (const offset of offsets) tracker.add('t', 0, offset);
  return tracker;
}

test('nothing may be committed before the first record is done', () => {
  const tracker = trackerOf(5, 6, 7);
  tracker.done('t', 0, 6);
  tracker.done('t', 0, 7);
  expect(tracker.lowWater()).toEqual([mark(0, 5)]);
  expect(tracker.uncommitted()).toEqual([]);
  tracker.done('t', 0, 5);
  expect(tracker.uncommitted()).toEqual([mark(0, 8)]);
});

test('offsets that compaction took away are passed over', () => {
  const tracker = trackerOf(3, 10);
  tracker.done('t', 0, 3);
  expect(tracker.lowWater()).toEqual([mark(0, 10)]);
});

test('what is committed is not asked for again', () => {
  const tracker = trackerOf(1, 2);
  tracker.done('t', 0, 1);
  tracker.committed(tracker.uncommitted());
  expect(tracker.uncommitted()).toEqual([]);
});

test('partitions go their own ways', () => {
  const tracker = trackerOf(1);
  tracker.add('t', 1, 40);
  tracker.done('t', 1, 40);
  expect(tracker.lowWater()).toEqual([mark(0, 1), mark(1, 41)]);
  expect(tracker.pending).toBe(1);
});

test('a record that is done twice, or that nobody knows, changes nothing', () => {
  const tracker = trackerOf(1, 2);
  for (const offset of [2, 2, 9]) tracker.done('t', 0, offset);
  tracker.done('t', 7, 1);
  expect([tracker.pending, tracker.lowWater()]).toEqual([1, [mark(0, 1)]]);
});

test('a partition whose log was replaced starts anew', () => {
  const tracker = trackerOf(100, 101);
  tracker.add('t', 0, 3);
  expect([tracker.pending, tracker.lowWater()]).toEqual([1, [mark(0, 3)]]);
});

test('in any order of ends, the mark is the first record that is not done', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_500 }), fc.array(fc.nat(60)), fc.boolean(), (count, few, isLong) => {
      // Past 1,024 records that are done the tracker drops them.
      const ends = isLong ? [...Array(1_100).keys(), ...few.map((offset) => 1_100 + offset)] : few;
      const tracker = trackerOf(...Array.from({ length: count }, (_, offset) => offset));
      const done = new Set(ends.filter((offset) => offset < count));
      for (const offset of ends) tracker.done('t', 0, offset);
      let first = 0;
      while (done.has(first)) first += 1;
      expect(tracker.lowWater()).toEqual([mark(0, first)]);
      expect(tracker.pending).toBe(count - done.size);
    }),
  );
});
