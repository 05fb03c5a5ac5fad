import type { CrmEvent, LeadCreated } from '../src/index.ts';

export function aLead(overrides: Partial<LeadCreated> = {}): LeadCreated {
  return {
    lead_id: 'lead-1',
    first_name: 'Ada',
    last_name: null,
    email: 'ada@example.com',
    phone: null,
    company: null,
    lead_status: 'new',
    lead_score: 85,
    source: null,
    owner_id: null,
    tags: ['hot'],
    custom: {},
    ...overrides,
  };
}

export function aCrmEvent(overrides: Partial<CrmEvent> = {}): CrmEvent {
  return {
    event_id: 'event-1',
    tenant_id: 'acme',
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: Date.parse('2026-11-24T10:00:00.000Z'),
    source: 'test',
    bulk_id: null,
    causation: null,
    data: { 'millrace.LeadCreated': aLead() },
    previous: null,
    ...overrides,
  };
}
