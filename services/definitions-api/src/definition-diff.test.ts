import { expect, test } from 'vitest';
import type { StoredDefinition } from './definition.ts';
import { diffDefinitions } from './definition-diff.ts';

const action = (id: number, overrides: Record<string, unknown> = {}) => ({
  id,
  parent_id: null,
  arm: null,
  name: `a${id}`,
  action_type: 'create_task',
  action_config: { title: 'Call', priority: 'high' },
  order: id,
  ...overrides,
});
const trigger = (id: number, config = {}) => ({ id, trigger_type: 'lead_created', trigger_config: config, conditions: null });
const definition = (overrides: Record<string, unknown> = {}) =>
  ({
    id: 1,
    tenant_id: 'acme',
    version: 1,
    name: 'Welcome',
    description: null,
    enabled: true,
    on_disable: 'finish',
    re_entry: 'always',
    cooldown_seconds: null,
    triggers: [trigger(1), trigger(2)],
    actions: [action(5), action(6)],
    waits_for: [],
    ...overrides,
  }) as unknown as StoredDefinition;

test('the same definition at another version has no differences', () => {
  expect(diffDefinitions(definition(), definition({ version: 7, waits_for: ['x'] }))).toEqual([]);
});

test.each([
  ['a field of the workflow', { name: 'Hello' }, [{ path: 'name', kind: 'changed', before: 'Welcome', after: 'Hello' }]],
  [
    'a key of a config',
    { actions: [action(5, { action_config: { title: 'Write', due_in: 'P1D' } }), action(6)] },
    [
      { path: 'actions[id=5].action_config.title', kind: 'changed', before: 'Call', after: 'Write' },
      { path: 'actions[id=5].action_config.priority', kind: 'removed', before: 'high', after: null },
      { path: 'actions[id=5].action_config.due_in', kind: 'added', before: null, after: 'P1D' },
    ],
  ],
  [
    'an action that moved into an arm',
    { actions: [action(5), action(6, { parent_id: 5, arm: 'else' })] },
    [
      { path: 'actions[id=6].parent_id', kind: 'changed', before: null, after: 5 },
      { path: 'actions[id=6].arm', kind: 'changed', before: null, after: 'else' },
    ],
  ],
  [
    'a trigger that gave way to another',
    { triggers: [trigger(1), trigger(3)] },
    [
      { path: 'triggers[id=2]', kind: 'removed', before: trigger(2), after: null },
      { path: 'triggers[id=3]', kind: 'added', before: null, after: trigger(3) },
    ],
  ],
  [
    'another order of triggers',
    { triggers: [trigger(2), trigger(1)] },
    [{ path: 'triggers', kind: 'reordered', before: [1, 2], after: [2, 1] }],
  ],
])('%s is named', (_, overrides, expected) => {
  expect(diffDefinitions(definition(), definition(overrides))).toEqual(expected);
});

test('of the first version all was added', () => {
  const differences = diffDefinitions(null, definition());
  expect(differences.every(({ kind }) => kind === 'added')).toBe(true);
  expect(differences.map(({ path }) => path)).toContain('actions[id=6]');
});
