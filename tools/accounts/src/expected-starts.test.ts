import { instanceId, type WorkflowDefinition } from '@millrace/messages';
import { anEventView } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createExpectation } from './expected-starts.ts';

const published = Date.parse('2026-11-24T10:00:00.000Z');
const later = published + 60_000;

const aDefinition = (overrides: Partial<WorkflowDefinition> = {}): WorkflowDefinition => ({
  tenant_id: 'acme',
  workflow_id: 7,
  version: 1,
  name: 'Greet',
  enabled: true,
  deleted: false,
  on_disable: 'finish',
  published_at: published,
  triggers: [{ trigger_id: 1, trigger_type: 'lead_created', trigger_config: '{"min_score": 80}', conditions: null }],
  waits_for: [],
  ...overrides,
});

const idsOf = (overrides: Partial<WorkflowDefinition> = {}, score = 85, atMs = later) =>
  createExpectation([aDefinition(overrides)])('acme', anEventView({ data: { lead_score: score } }), atMs).map(
    ({ workflowId }) => workflowId,
  );

test('an event must have started each workflow of its tenant that wants it', () => {
  expect(createExpectation([aDefinition(), aDefinition({ workflow_id: 8 })])('acme', anEventView(), later)).toEqual(
    [7, 8].map((workflowId) => ({
      workflowId,
      instanceId: instanceId({ tenantId: 'acme', workflowId, kind: 'event', originId: 'event-1' }),
    })),
  );
});

test.each<[string, number[]]>([
  ['a workflow that doesn’t want it', idsOf({}, 79)],
  ['a disabled one', idsOf({ enabled: false })],
  ['a deleted one', idsOf({ deleted: true })],
  ['another tenant’s', idsOf({ tenant_id: 'globex' })],
  ['one that has changed since', idsOf({}, 85, published - 1)],
  ['one that has changed just before', idsOf({}, 85, published + 2_000)],
  [
    'one whose triggers nobody can read',
    idsOf({ triggers: [{ trigger_id: 1, trigger_type: 'lead_created', trigger_config: '{', conditions: null }] }),
  ],
])('%s is not expected to start', (_, ids) => {
  expect(ids).toEqual([]);
});
