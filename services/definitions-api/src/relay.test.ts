import { expect, test } from 'vitest';
import type { WorkflowVersion } from './definition.ts';
import { definitionMessage } from './relay.ts';

const version: WorkflowVersion = {
  id: 7,
  tenant_id: 'acme',
  version: 3,
  name: 'Welcome',
  enabled: true,
  on_disable: 'finish',
  re_entry: 'always',
  cooldown_seconds: null,
  triggers: [{ id: 1, trigger_type: 'lead_created', trigger_config: { min_score: 1 }, conditions: null }],
  actions: [],
  waits_for: [],
};

test('matchers get the triggers as JSON texts', () => {
  expect(definitionMessage(version, false, new Date(5))).toMatchObject({
    workflow_id: 7,
    version: 3,
    enabled: true,
    deleted: false,
    published_at: 5,
    triggers: [{ trigger_id: 1, trigger_type: 'lead_created', trigger_config: '{"min_score":1}', conditions: null }],
    waits_for: [],
  });
});

test('a deleted workflow has nothing that could start it', () => {
  expect(definitionMessage(version, true, new Date(5))).toMatchObject({ enabled: false, deleted: true, triggers: [] });
});
