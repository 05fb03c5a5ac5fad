import { expect, test } from 'vitest';
import { effectivePolicy, timeoutMsOf } from '../definition/workflow-version.ts';
import { findRunnableType } from './task-actions.ts';
import { createTaskVersion } from './task-version.ts';

test('an action runs as its task says, in a workflow of that one action', () => {
  const config = {
    action_type: 'send_email',
    action_config: { to: 'a@example.com', subject: 'Hi', text: 'Hi' },
    retry_policy: { max_attempts: 2 },
    timeout_seconds: 15,
    at_most_once: true,
  };
  const version = createTaskVersion('acme', 9, 'action', config);
  expect(version).toMatchObject({
    tenant_id: 'acme',
    enabled: true,
    re_entry: 'always',
    cooldown_seconds: null,
    triggers: [],
    waits_for: [],
  });
  expect(version.actions).toEqual([
    { id: 0, parent_id: null, arm: null, name: 'send_email', order: 0, delay_seconds: 0, conditions: null, on_error: 'fail', ...config },
  ]);
});

test('an action that names no policy has the defaults of its type', () => {
  const { actions } = createTaskVersion('acme', 9, 'action', { action_type: 'add_tag', action_config: { lead_id: 'l', tag: 't' } });
  expect(actions).toMatchObject([{ retry_policy: null, timeout_seconds: null, at_most_once: false }]);
});

test.each(['report', 'cleanup'] as const)('a %s has minutes, and goes on after an outage', (type) => {
  const [action] = createTaskVersion('acme', 9, type, { any: 'config' }).actions;
  if (action === undefined) throw new Error('Expected an action, but there is none');
  expect(action).toMatchObject({ id: 0, name: type, action_type: type, action_config: { any: 'config' }, at_most_once: false });
  expect(timeoutMsOf(action)).toBe(300_000);
  expect(effectivePolicy(action).max_attempts).toBeGreaterThan(1);
  expect(findRunnableType(type)?.effect).toBe('world');
});
