import { describe, expect, test } from 'vitest';
import { childrenOf, nestActions, waitedEvents } from './action-tree.ts';
import { checkAction } from './workflow-request.ts';
import type { ActionNode } from './workflow-version.ts';

const aNode = (overrides: Partial<ActionNode>): ActionNode => ({
  id: 1,
  parent_id: null,
  arm: null,
  name: 'add_tag_0',
  action_type: 'add_tag',
  action_config: { tag: 'hot' },
  order: 0,
  delay_seconds: 0,
  conditions: null,
  retry_policy: null,
  timeout_seconds: null,
  on_error: 'fail',
  at_most_once: false,
  ...overrides,
});

const nodes = [
  aNode({
    id: 1,
    name: 'choose',
    action_type: 'branch',
    action_config: {
      branches: [
        { name: 'hot', conditions: [] },
        { name: 'cold', conditions: [] },
      ],
    },
  }),
  aNode({
    id: 2,
    parent_id: 1,
    arm: 'hot',
    name: 'wait',
    action_type: 'wait_for_event',
    action_config: { event_name: 'order.paid', timeout: 'P1D' },
  }),
  aNode({ id: 3, parent_id: 2, arm: 'timeout', name: 'remind' }),
  aNode({ id: 4, parent_id: 1, arm: 'else', name: 'nurture' }),
  aNode({ id: 5, name: 'last', order: 1 }),
];

test('nodes are listed by parent and arm', () => {
  expect(childrenOf(nodes, null, null).map(({ id }) => id)).toEqual([1, 5]);
  expect(childrenOf(nodes, 1, 'hot').map(({ id }) => id)).toEqual([2]);
  expect(childrenOf(nodes, 1, 'cold')).toEqual([]);
});

describe('nesting', () => {
  test('puts the actions of arms back into the configs they were posted in', () => {
    const [choose, last] = nestActions(nodes);

    expect(last).toMatchObject({ id: 5, name: 'last' });
    expect(choose).toMatchObject({
      id: 1,
      action_config: {
        branches: [
          {
            name: 'hot',
            conditions: [],
            actions: [{ id: 2, action_config: { event_name: 'order.paid', timeout: 'P1D', timeout_actions: [{ id: 3, name: 'remind' }] } }],
          },
          { name: 'cold', conditions: [], actions: [] },
        ],
        else_actions: [{ id: 4, name: 'nurture' }],
      },
    });
    expect(choose).not.toHaveProperty('parent_id');
  });

  test('gives what may be posted again', () => {
    expect(nestActions(nodes).map((action) => checkAction(action))).toMatchObject([{ ok: true }, { ok: true }]);
  });
});

test('the events that a version waits for are named, at any depth', () => {
  expect(waitedEvents(nodes)).toEqual(['order.paid']);
});
