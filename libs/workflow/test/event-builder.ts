import type { EventView } from '../src/event-view.ts';

/** The one `now` of this library's tests. */
export const now = Date.UTC(2026, 10, 24, 10);

/** A `lead_created` event of now; override what the test is about. */
export const anEvent = (overrides: Partial<EventView> = {}): EventView => ({
  event_id: 'e-1',
  event_type: 'lead_created',
  entity_type: 'lead',
  entity_id: 'lead-1',
  occurred_at: new Date(now).toISOString(),
  source: 'crm',
  bulk_id: null,
  causation: null,
  data: { lead_id: 'lead-1', first_name: 'Ada', email: 'ada@example.com', lead_score: 80, tags: ['hot', 'vip'] },
  previous: null,
  ...overrides,
});
