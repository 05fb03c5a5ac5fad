import type { WorkflowDefinition } from '@millrace/messages';
import { expect, test } from 'vitest';
import { WorkflowStates } from './workflow-states.ts';

const aDefinition = (overrides: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  tenant_id: 'acme',
  workflow_id: 7,
  version: 3,
  name: 'Welcome',
  enabled: true,
  deleted: false,
  on_disable: 'finish',
  published_at: 0,
  triggers: [],
  waits_for: [],
  ...overrides,
});
const listening = {
  triggers: [{ id: 1, trigger_type: 'workflow_completed', trigger_config: '{}', conditions: null }],
} as unknown as Partial<WorkflowDefinition>;
const after = (...definitions: Partial<WorkflowDefinition>[]) => {
  const states = new WorkflowStates();
  for (const definition of definitions) states.apply(aDefinition(definition));
  return states;
};

test.each<[string, Partial<WorkflowDefinition>, string]>([
  ['enabled', {}, 'active'],
  ['disabled, what runs finishes', { enabled: false }, 'disabled'],
  ['disabled, what runs is cancelled', { enabled: false, on_disable: 'cancel' }, 'cancel'],
  ['deleted', { enabled: false, deleted: true, on_disable: 'cancel' }, 'deleted'],
])('a workflow is as its newest record says: %s', (_, definition, expected) => {
  expect(after({ version: 2 }, definition).get(7, 3)).toBe(expected);
});

test('an older record never overwrites a newer one', () => {
  expect(after({ version: 4, deleted: true }, { version: 3 }).get(7, 3)).toBe('deleted');
});

test('where the topic is behind what an input was made from, the input is right', () => {
  const states = after({ version: 3, enabled: false });
  expect(states.get(7, 4)).toBe('active');
  expect(states.get(7, 3)).toBe('disabled');
  expect(states.get(8, 1)).toBe('active');
});

test('a workflow is found by its own tenant only', () => {
  const states = after({});
  expect(states.find('acme', 7)).toMatchObject({ version: 3, state: 'active' });
  expect(states.find('globex', 7)).toBeUndefined();
  expect(states.find('acme', 8)).toBeUndefined();
});

test('ends are awaited where some active workflow of the tenant is started by them, and no longer than that', () => {
  const states = after({ workflow_id: 1, ...listening }, { workflow_id: 2, ...listening }, { workflow_id: 3 });
  expect(states.areEndsAwaited('acme')).toBe(true);
  expect(states.areEndsAwaited('globex')).toBe(false);
  states.apply(aDefinition({ workflow_id: 1, version: 4, ...listening, enabled: false }));
  states.apply(aDefinition({ workflow_id: 1, version: 4, ...listening, enabled: false }));
  expect(states.areEndsAwaited('acme')).toBe(true);
  states.apply(aDefinition({ workflow_id: 2, version: 4 }));
  expect(states.areEndsAwaited('acme')).toBe(false);
  states.apply(aDefinition({ workflow_id: 1, version: 5, ...listening }));
  expect(states.areEndsAwaited('acme')).toBe(true);
});
