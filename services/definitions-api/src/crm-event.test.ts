import { eventView } from '@millrace/messages';
import { expect, test } from 'vitest';
import { crmEvent } from './crm-event.ts';
import { checkEvent } from './event-request.ts';

const envelope = { tenantId: 'acme', eventId: 'made-1', nowMs: 1_764_000_000_000 };

/** The event as triggers see it. */
function viewOf(input: unknown) {
  const checked = checkEvent(input);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return eventView(crmEvent(checked.value, envelope));
}

test('what a request leaves out is filled in', () => {
  expect(
    viewOf({ event_type: 'lead_created', data: { lead_id: 7, lead_score: 85, custom: { plan: 'pro', seats: [1, { a: null }] } } }),
  ).toEqual({
    event_id: 'made-1',
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: '7',
    occurred_at: new Date(envelope.nowMs).toISOString(),
    source: 'api',
    bulk_id: null,
    causation: null,
    data: {
      lead_id: '7',
      first_name: null,
      last_name: null,
      email: null,
      phone: null,
      company: null,
      lead_status: null,
      lead_score: 85,
      source: null,
      owner_id: null,
      tags: [],
      custom: { plan: 'pro', seats: [1, { a: null }] },
    },
    previous: null,
  });
});

test('what previous leaves out has not changed', () => {
  const { data, previous } = viewOf({
    event_type: 'lead_scored',
    event_id: 'e1',
    data: { lead_id: 'l1', email: 'ada@example.com', lead_score: 85 },
    previous: { lead_score: 40 },
  });
  expect(previous).toEqual({ ...data, lead_score: 40 });
});

test('a task carries its lead', () => {
  const { data, entity_id } = viewOf({
    event_type: 'task_completed',
    data: { task_id: 't1', lead_id: 'l1', completed_at: '2026-11-24T10:00:00+01:00', lead: { lead_id: 'l1', first_name: 'Ada' } },
  });
  expect(entity_id).toBe('l1');
  expect(data).toMatchObject({ task_id: 't1', completed_at: '2026-11-24T09:00:00.000Z', lead: { first_name: 'Ada', tags: [] } });
});

test('a custom event’s fields are its own', () => {
  const request = { event_type: 'order.paid', entity_type: 'order', entity_id: 'o1', data: { total: 9.5 } };
  expect(viewOf(request)).toMatchObject({ event_type: 'order.paid', entity_type: 'order', data: { total: 9.5 } });
});
