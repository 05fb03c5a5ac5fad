import { expect, test } from 'vitest';
import { checkAnyEvent, checkEvent } from './event-request.ts';

const lead = { event_type: 'lead_created', data: { lead_id: 'l1' } };
const pathsOf = (input: unknown) => {
  const checked = checkEvent(input);
  return checked.ok ? [] : checked.errors.map(({ path }) => path);
};

test.each([
  ['a lead’s id alone', lead],
  ['an id that is a number', { event_type: 'lead_scored', data: { lead_id: 7 }, entity_id: 7 }],
  ['a task of a lead', { event_type: 'task_completed', data: { task_id: 't', lead_id: 'l', completed_at: '2026-11-24T10:00:00Z' } }],
  ['a custom event', { event_type: 'order.paid', entity_type: 'order', entity_id: 'o1', data: { total: 5, lines: [{ sku: 'a' }] } }],
])('%s is enough', (_, input) => {
  expect(pathsOf(input)).toEqual([]);
});

test.each([
  [undefined, ['']],
  ['lead_created', ['']],
  [[], ['']],
  [{}, ['event_type', 'entity_type', 'entity_id']],
  [{ ...lead, event_type: 'workflow_completed' }, ['event_type']],
  [{ ...lead, event_type: 'order paid', entity_type: 'x', entity_id: 'y' }, ['event_type']],
  [{ ...lead, data: {} }, ['data.lead_id']],
  [{ ...lead, data: { lead_id: 'l1', lead_score: '85', colour: 'red' } }, ['data.lead_score', 'data.colour']],
  [{ ...lead, data: { lead_id: { $ne: 1 } } }, ['data.lead_id']],
  [{ ...lead, entity_id: 'l2' }, ['entity_id']],
  [{ ...lead, entity_type: 'task' }, ['entity_type']],
  [{ ...lead, tenant_id: 'other' }, ['tenant_id']],
  [{ ...lead, occurred_at: 'yesterday', event_id: '' }, ['event_id', 'occurred_at']],
  [{ ...lead, occurred_at: '9999-12-31T23:59:59-18:00' }, ['occurred_at']],
  [{ ...lead, previous: { lead_score: 'x' } }, ['previous.lead_score']],
  [{ ...lead, data: { lead_id: 'l1', custom: deep(40) } }, ['data.custom']],
])('faults of %j are named', (input, paths) => {
  expect(pathsOf(input)).toEqual(paths);
});

test('what workflows cause is an event too, where it is only asked about', () => {
  const completion = {
    event_type: 'workflow_completed',
    entity_type: 'lead',
    entity_id: 'l',
    data: { workflow_id: 1, status: 'completed' },
  };
  expect(checkAnyEvent(completion).ok).toBe(true);
  expect(checkAnyEvent({ ...completion, data: { workflow_id: 1, status: 'done' } }).ok).toBe(false);
});

function deep(levels: number): unknown {
  return levels === 0 ? 1 : { a: deep(levels - 1) };
}
