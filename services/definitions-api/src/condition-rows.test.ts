import { expect, test } from 'vitest';
import { conditionNodes } from './condition-rows.ts';

const leaf = (field: string) => ({ field, operator: 'equals' as const, value: 1 });

test('no tree has no nodes', () => {
  expect(conditionNodes(null)).toEqual([]);
});

test('a parent comes before its children, which keep their places', () => {
  const nodes = conditionNodes({ all: [leaf('a'), { any: [leaf('b'), leaf('c')] }, { not: leaf('d') }] });
  expect(nodes.map(({ kind, field, parent, position }) => [kind, field, parent, position])).toEqual([
    ['all', null, null, 0],
    ['leaf', 'a', 0, 0],
    ['any', null, 0, 1],
    ['not', null, 0, 2],
    ['leaf', 'b', 2, 0],
    ['leaf', 'c', 2, 1],
    ['leaf', 'd', 3, 0],
  ]);
});

test('a leaf keeps its operator, value and case', () => {
  expect(conditionNodes({ field: 'tags', operator: 'contains_any', value: ['a', 'b'], case_sensitive: true })).toEqual([
    { parent: null, position: 0, kind: 'leaf', field: 'tags', operator: 'contains_any', value: ['a', 'b'], caseSensitive: true },
  ]);
});
