import type { ActionNode } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { anAction, applied, attemptOf, completed, inArm, now, refused, started } from '../../test/instance-builders.ts';
import { decideOutcome, type Outcome } from './decide-outcome.ts';
import type { InstanceState } from './state.ts';
import { findPlace, nodesOfOtherArms } from './walk.ts';

const branch = (id: number, overrides: Partial<ActionNode> = {}) => anAction({ id, action_type: 'branch', ...overrides });

/** One branch inside another, `depth` deep, with a mail in its innermost arm. */
const nested = (depth: number): ActionNode[] => [
  branch(1),
  ...Array.from({ length: depth - 1 }, (_, index) => inArm(index + 1, 'yes', { id: index + 2, action_type: 'branch' })),
  inArm(depth, 'yes', { id: depth + 1 }),
];

const take = (state: InstanceState, nodes: readonly ActionNode[], id: number, arm = 'yes'): InstanceState => {
  const action = nodes.find((node) => node.id === id) as ActionNode;
  return applied(state, decideOutcome(state, nodes, attemptOf(state, action), { kind: 'arm', arm }, now, 0));
};
const finish = (state: InstanceState, nodes: readonly ActionNode[], id: number, outcome: Outcome = completed): InstanceState => {
  const action = nodes.find((node) => node.id === id) as ActionNode;
  return applied(state, decideOutcome(state, nodes, attemptOf(state, action), outcome, now, 0));
};

test('a workflow without actions is at its end', () => {
  expect(findPlace(started(), { actions: [] })).toEqual({ kind: 'end' });
});

test('the place is the first unfinished action of the own list, whatever its neighbours are', () => {
  const actions = [anAction({ id: 1 }), anAction({ id: 2 }), anAction({ id: 3 })];
  expect(findPlace(started(), { actions })).toMatchObject({ kind: 'action', action: { id: 1 } });
  expect(findPlace(finish(started(), actions, 1), { actions })).toMatchObject({ kind: 'action', action: { id: 2 } });
});

test('an action that failed and lets the rest go on is passed like a completed one', () => {
  const actions = [anAction({ id: 1, on_error: 'continue' }), anAction({ id: 2 })];
  expect(findPlace(finish(started(), actions, 1, refused), { actions })).toMatchObject({ kind: 'action', action: { id: 2 } });
});

test('a branch that has taken no arm yet is the place itself', () => {
  const actions = [branch(1), inArm(1, 'yes', { id: 2 })];
  expect(findPlace(started(), { actions })).toMatchObject({ kind: 'action', action: { id: 1 } });
});

test('a branch whose arm has nothing in it is done at once', () => {
  const actions = [branch(1), inArm(1, 'no', { id: 2 }), anAction({ id: 3 })];
  expect(findPlace(take(started(), actions, 1), { actions })).toMatchObject({ kind: 'arm_done', action: { id: 1 }, arm: 'yes' });
});

test.each([1, 2, 5, 8])('arms are walked to their end and back, %i deep', (depth) => {
  const actions = [...nested(depth), anAction({ id: 100 })];
  let state = started();
  for (let id = 1; id <= depth; id++) {
    expect(findPlace(state, { actions })).toMatchObject({ kind: 'action', action: { id } });
    state = take(state, actions, id);
  }
  expect(findPlace(state, { actions })).toMatchObject({ kind: 'action', action: { id: depth + 1 } });
  state = finish(state, actions, depth + 1);
  for (let id = depth; id >= 1; id--) {
    expect(findPlace(state, { actions })).toMatchObject({ kind: 'arm_done', action: { id } });
    state = finish(state, actions, id);
  }
  expect(findPlace(state, { actions })).toMatchObject({ kind: 'action', action: { id: 100 } });
});

test('the actions of other arms are found with all that lies below them', () => {
  const actions = [
    branch(1),
    inArm(1, 'a', { id: 2, action_type: 'branch' }),
    inArm(2, 'x', { id: 3 }),
    inArm(1, 'b', { id: 4 }),
    anAction({ id: 5 }),
  ];
  const idsOf = (taken: string | null) => nodesOfOtherArms(actions, 1, taken).map(({ id }) => id);
  expect(idsOf('b')).toEqual([2, 3]);
  expect(idsOf('a')).toEqual([4]);
  expect(idsOf(null)).toEqual([2, 3, 4]);
  expect(nodesOfOtherArms(actions, 5, null)).toEqual([]);
});
