import { expect, test } from 'vitest';
import { findCycle, type Links } from './workflow-cycles.ts';

const links = (workflowId: number, overrides: Partial<Links> = {}): Links => ({
  workflowId,
  name: `W${workflowId}`,
  starts: [],
  emits: [],
  hears: [],
  follows: [],
  ...overrides,
});
const exact = (eventType: string) => ({ kind: 'exact' as const, eventType });
const prefix = (text: string) => ({ kind: 'prefix' as const, prefix: text });

test.each<[string, Links, Links[], number[] | null]>([
  ['a chain', links(1, { starts: [2] }), [links(2, { starts: [3] }), links(3)], null],
  ['a workflow that starts itself', links(1, { starts: [1] }), [], []],
  ['a workflow that follows the end of any', links(1, { follows: [null] }), [], []],
  ['two that start each other', links(1, { starts: [2] }), [links(2, { starts: [1] })], [2]],
  [
    'an event that comes back',
    links(1, { emits: ['a.done'], hears: [exact('b.done')] }),
    [links(2, { hears: [prefix('a.')], emits: ['b.done'] })],
    [2],
  ],
  [
    'an event that nobody hears',
    links(1, { emits: ['a.done'], hears: [exact('b.done')] }),
    [links(2, { hears: [prefix('b.')], emits: ['b.done'] })],
    null,
  ],
  ['an end that is followed', links(1, { follows: [3] }), [links(2, { follows: [1] }), links(3, { follows: [2] })], [2, 3]],
  [
    'the shortest of two ways',
    links(1, { starts: [2, 4] }),
    [links(2, { starts: [3] }), links(3, { starts: [1] }), links(4, { starts: [1] })],
    [4],
  ],
  ['a cycle that it only leads to', links(1, { starts: [2] }), [links(2, { starts: [3] }), links(3, { starts: [2] })], null],
])('%s', (_, workflow, others, expected) => {
  expect(findCycle(workflow, others)?.map(({ workflowId }) => workflowId) ?? null).toEqual(expected);
});
