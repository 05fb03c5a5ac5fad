import { describe, expect, test } from 'vitest';
import { anEvent } from '../test/event-builder.ts';
import { type EventView, leadIdOf, leadOf } from './event-view.ts';

const task = (data: EventView['data']) => anEvent({ event_type: 'task_completed', entity_id: 'lead-9', data });
const deal = (data: EventView['data']) => anEvent({ event_type: 'deal_won', entity_type: 'deal', entity_id: 'deal-1', data });

describe('the lead of an event', () => {
  test.each<[string, EventView, unknown]>([
    ['a lead event is its data', anEvent({ data: { lead_score: 5 } }), { lead_score: 5 }],
    ['a task carries it', task({ lead: { lead_score: 7 } }), { lead_score: 7 }],
    ['a task without it has none', task({ title: 'Call' }), undefined],
    ['a custom event about a lead is its data', anEvent({ event_type: 'visited', data: { page: '/' } }), { page: '/' }],
    ['another event has none', deal({ amount: 5 }), undefined],
    ['another event may carry one', deal({ lead: { lead_score: 1 } }), { lead_score: 1 }],
    ['a lead that is no object is none', deal({ lead: 'lead-1' }), undefined],
  ])('%s', (_name, event, expected) => {
    expect(leadOf(event)).toEqual(expected);
  });
});

describe('the id of the lead', () => {
  test.each<[string, EventView, string | null]>([
    ['is what the data says', anEvent({ data: { lead_id: 'lead-2' } }), 'lead-2'],
    ['is a text, a number its text', anEvent({ data: { lead_id: 7 } }), '7'],
    ['is the entity’s where the data say nothing', anEvent({ data: {} }), 'lead-1'],
    ['is the entity’s where the data’s is empty or no id', anEvent({ data: { lead_id: '' } }), 'lead-1'],
    ['is a task’s lead', task({ lead_id: 'lead-3' }), 'lead-3'],
    ['is the data’s of any other event', deal({ lead_id: 'lead-4' }), 'lead-4'],
    ['is none of an event about something else', deal({ lead_id: null }), null],
  ])('%s', (_name, event, expected) => {
    expect(leadIdOf(event)).toBe(expected);
  });
});
