import { expect, test } from 'vitest';
import { matchChildren } from './definition.ts';

test('children with an id keep it, those without are new, absent ones are removed', () => {
  expect(matchChildren([{ id: 2 }, {}, { id: 1 }], [1, 2, 3])).toEqual({
    kept: [
      { id: 2, value: { id: 2 } },
      { id: 1, value: { id: 1 } },
    ],
    added: [{}],
    removedIds: [3],
    unknown: [],
  });
});

test('a foreign id and a repeated one are unknown', () => {
  expect(matchChildren([{ id: 9 }, { id: 1 }, { id: 1 }], [1]).unknown).toEqual([0, 2]);
});
