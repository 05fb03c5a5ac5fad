import { expect, test } from 'vitest';
import { aCrmEvent, aLead } from '../test/crm-events.ts';
import { type CrmEvent, eventView, type FieldValue } from './index.ts';

const value = (inner: FieldValue['value']): FieldValue => ({ value: inner });
const task = { task_id: 'task-1', lead_id: 'lead-1', title: null, task_type: 'call', outcome: 'won', assigned_to_id: null };

test('an event is plain JSON, with its times as ISO 8601', () => {
  const { tenant_id: _, ...event } = aCrmEvent();
  expect(eventView(aCrmEvent())).toEqual({ ...event, occurred_at: '2026-11-24T10:00:00.000Z', data: aLead() });
});

test('what was before the change is seen like what is now', () => {
  const scored = { 'millrace.LeadScored': aLead({ lead_score: 40 }) };
  const view = eventView(aCrmEvent({ event_type: 'lead_scored', data: { 'millrace.LeadScored': aLead() }, previous: scored }));
  expect(view.previous).toEqual(aLead({ lead_score: 40 }));
});

test('a task carries its lead', () => {
  const data = { 'millrace.TaskCompleted': { ...task, completed_at: 0, lead: aLead() } };
  expect(eventView(aCrmEvent({ event_type: 'task_completed', data })).data).toEqual({
    ...task,
    completed_at: '1970-01-01T00:00:00.000Z',
    lead: aLead(),
  });
});

test('a task without its lead and its time has nulls there', () => {
  const data = { 'millrace.TaskCompleted': { ...task, completed_at: null, lead: null } };
  expect(eventView(aCrmEvent({ event_type: 'task_completed', data })).data).toMatchObject({ completed_at: null, lead: null });
});

test('an end of a workflow is seen as it was sent', () => {
  const completion = { workflow_id: 7, instance_id: 'ab', status: 'failed', reason: 'action_failed' };
  const event = aCrmEvent({ event_type: 'workflow_completed', data: { 'millrace.WorkflowCompleted': completion } });
  expect(eventView(event).data).toEqual(completion);
});

test('custom fields are unwrapped at every level, and a number that JSON has no word for is null', () => {
  const fields = {
    plan: value('gold'),
    seats: value(3),
    ratio: value(Number.NaN),
    nested: value({ tags: value([value('a'), value(null), value([value(true)])]) }),
  };
  expect(eventView(aCrmEvent({ event_type: 'plan.changed', data: { 'millrace.CustomEvent': { fields } } })).data).toEqual({
    plan: 'gold',
    seats: 3,
    ratio: null,
    nested: { tags: ['a', null, [true]] },
  });
});

function nested(levels: number): FieldValue {
  return levels === 0 ? value('end') : value([nested(levels - 1)]);
}

test.each<[string, Partial<CrmEvent>, string]>([
  ['data of another type', { event_type: 'lead_scored' }, 'event_branch_mismatch'],
  ['data of the CRM’s own under a custom name', { event_type: 'my.event' }, 'event_branch_mismatch'],
  ['custom data under a name of the CRM', { data: { 'millrace.CustomEvent': { fields: {} } } }, 'event_branch_mismatch'],
  ['a previous record of another type', { previous: { 'millrace.LeadScored': aLead() } }, 'event_branch_mismatch'],
  ['a time that is none', { occurred_at: 9e15 }, 'event_time_invalid'],
  ['too many levels', { data: { 'millrace.LeadCreated': aLead({ custom: { deep: nested(65) } }) } }, 'event_too_deep'],
])('%s is refused for good', (_, overrides, code) => {
  expect(() => eventView(aCrmEvent(overrides))).toThrow(expect.objectContaining({ name: 'TerminalError', code }));
});

test('64 levels are taken', () => {
  const data = { 'millrace.LeadCreated': aLead({ custom: { deep: nested(64) } }) };
  expect(JSON.stringify(eventView(aCrmEvent({ data })).data.custom)).toContain('end');
});
