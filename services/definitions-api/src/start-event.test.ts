import { expect, test } from 'vitest';
import { startEvent } from './start-event.ts';

const at = new Date('2026-11-24T10:00:00Z');
const request = { triggered_by: 'lead_id', triggered_by_value: 'lead-789', additional_data: { lead_score: 85 } };

test('the caller’s data is the event’s, with the lead it names', () => {
  expect(startEvent(request, 'e1', at)).toEqual({
    event_id: 'e1',
    event_type: 'api',
    entity_type: 'lead',
    entity_id: 'lead-789',
    occurred_at: '2026-11-24T10:00:00.000Z',
    source: 'api',
    bulk_id: null,
    causation: null,
    data: { lead_score: 85, lead_id: 'lead-789' },
    previous: null,
  });
});

test('a lead id in the data is kept', () => {
  expect(startEvent({ ...request, additional_data: { lead_id: 'mine' } }, 'e1', at).data).toEqual({ lead_id: 'mine' });
});
