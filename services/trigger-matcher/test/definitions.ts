import type { EventView, WorkflowDefinition } from '@millrace/messages';
import type { Conditions, JsonObject } from '@millrace/workflow';

interface TriggerOverrides {
  id?: number;
  type?: string;
  config?: JsonObject;
  conditions?: Conditions | null;
}

/** An enabled workflow's first version, for every new lead. */
export function aDefinition({
  triggers = [{}],
  ...overrides
}: Partial<Omit<WorkflowDefinition, 'triggers'>> & { triggers?: TriggerOverrides[] } = {}): WorkflowDefinition {
  return {
    tenant_id: 'acme',
    workflow_id: 1,
    version: 1,
    name: 'Workflow',
    enabled: true,
    deleted: false,
    on_disable: 'finish',
    published_at: Date.UTC(2026, 10, 24),
    waits_for: [],
    triggers: triggers.map(({ id, type = 'lead_created', config = {}, conditions = null }, at) => ({
      trigger_id: id ?? at + 1,
      trigger_type: type,
      trigger_config: JSON.stringify(config),
      conditions: conditions === null ? null : JSON.stringify(conditions),
    })),
    ...overrides,
  };
}

/** A new lead of tenant acme as the index sees it. */
export function aLeadCreated(overrides: Partial<EventView> = {}): EventView {
  return {
    event_id: 'event-1',
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: '2026-11-24T10:00:00.000Z',
    source: 'crm',
    bulk_id: null,
    causation: null,
    data: { lead_id: 'lead-1', lead_status: 'new', lead_score: 50, source: 'web', tags: [], custom: {} },
    previous: null,
    ...overrides,
  };
}

export const now = Date.UTC(2026, 10, 24, 10);
