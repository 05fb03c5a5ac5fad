import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

const taken = (counts: Record<string, number>, waiting: Record<string, number> = {}) => {
  const slots = new Slots({
    waiting: Object.values(waiting).reduce((sum, count) => sum + count, 0),
    waitingOf: (tenantId) => waiting[tenantId] ?? 0,
  });
  for (const [tenantId, count] of Object.entries(counts)) for (let each = 0; each < count; each++) slots.take(tenantId);
  return slots;
};

test('a tenant alone may take all of the common slots, and no more', () => {
  expect(taken({}).roomOf('large')).toBe(3_000);
  expect(taken({ large: 2_999 }).roomOf('large')).toBe(1);
  expect(taken({ large: 3_000 }).roomOf('large')).toBe(0);
});

test('one that runs few goes on when another has taken all of them', () => {
  expect(taken({ large: 3_000 }).roomOf('small')).toBe(32);
  expect(taken({ large: 3_000, small: 31 }).roomOf('small')).toBe(1);
  expect(taken({ large: 3_000, small: 32 }).roomOf('small')).toBe(0);
});

test('what is kept for them has an end too', () => {
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, number) => [`small-${number}`, 32]));
  expect(taken({ large: 3_000, ...many }).roomOf('other')).toBe(8);
  expect(taken({ large: 3_000, ...many, last: 8 }).roomOf('other')).toBe(0);
});

test('what is released can be taken again', () => {
  const slots = taken({ large: 3_000, small: 32 });
  slots.release('small');
  expect(slots.roomOf('small')).toBe(1);
  for (let each = 0; each < 1_032; each++) slots.release('large');
  expect(slots.roomOf('large')).toBe(1_001);
});

test('what only waits to make a call needs no slot', () => {
  expect(taken({ large: 3_000 }, { large: 500 }).roomOf('large')).toBe(500);
  expect(taken({ large: 3_500, small: 40 }, { small: 20 }).roomOf('small')).toBe(12);
});
