import { describe, expect, test } from 'vitest';
import { faultsOf, inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import type { JsonObject } from '../json.ts';
import type { ActionType } from './action-types.ts';

const task = anEvent({
  event_type: 'task_completed',
  entity_type: 'lead',
  entity_id: 'lead-9',
  data: { task_id: 't-1', lead_id: 9, title: 'Call' },
});
const deal = anEvent({ event_type: 'deal_won', entity_type: 'deal', entity_id: 'deal-1', data: { amount: 12.5, tag: 7, nothing: null } });

describe('configs that are saved', () => {
  test.each<[ActionType, JsonObject]>([
    ['create_task', { title: 'Follow up', assigned_to_id: 1 }],
    [
      'create_task',
      { title: '{{ t }}', description: 'x', assigned_to_id: '{{ lead.owner_id }}', due_in: 'P1D', priority: 'high', lead_id: 'lead-1' },
    ],
    ['create_task', { title: 'x', due_in: 3_600, description: null, lead_id: null }],
    ['update_lead', { fields: { lead_status: 'qualified', lead_score: '{{ lead_score | plus: 1 }}', tags: ['a', 1], custom: null } }],
    ['update_lead', { lead_id: 7, fields: { a: true } }],
    ['add_tag', { tag: 'hot' }],
    ['remove_tag', { tag: '{{ t }}', lead_id: '{{ other }}' }],
    ['send_notification', { user_id: 1, title: 'x' }],
    ['send_notification', { role: 'sales', title: 'x', body: 'y', link: 'https://x.test' }],
  ])('%s %j', (type, config) => {
    expect(faultsOf(type, config)).toEqual([]);
  });
});

describe('configs that are refused', () => {
  test.each<[ActionType, JsonObject, string[]]>([
    ['create_task', {}, ['title required']],
    ['create_task', { title: ' ' }, ['title too_small']],
    ['create_task', { title: 'x'.repeat(256) }, ['title too_big']],
    ['create_task', { title: 'x', assigned_to_id: 1.5 }, ['assigned_to_id invalid_type']],
    ['create_task', { title: 'x', assigned_to_id: true }, ['assigned_to_id invalid_union']],
    ['create_task', { title: 'x', due_in: 'tomorrow' }, ['due_in invalid_duration']],
    ['create_task', { title: 'x', due_in: -1 }, ['due_in too_small']],
    ['create_task', { title: 'x', due_at: '2026-01-01' }, ['due_at unknown_key']],
    ['update_lead', {}, ['fields required']],
    ['update_lead', { fields: {} }, ['fields too_small']],
    ['update_lead', { fields: { '': 1 } }, ['fields[""] invalid_key']],
    ['update_lead', { fields: 'x' }, ['fields invalid_type']],
    ['update_lead', { fields: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, 1])) }, ['fields too_big']],
    ['add_tag', {}, ['tag required']],
    ['add_tag', { tag: 5 }, ['tag invalid_type']],
    ['add_tag', { tag: 'x'.repeat(129) }, ['tag too_big']],
    ['remove_tag', { tag: 'x', lead_id: {} }, ['lead_id invalid_union']],
    ['send_notification', { title: 'x' }, ['user_id required']],
    ['send_notification', { user_id: '1', role: 'sales', title: 'x' }, ['user_id required']],
    ['send_notification', { role: 'sales' }, ['title required']],
  ])('%s %j', (type, config, faults) => {
    expect(faultsOf(type, config)).toEqual(faults);
  });
});

describe('the lead', () => {
  test.each<[ActionType, JsonObject]>([
    ['add_tag', { tag: 'hot' }],
    ['remove_tag', { tag: 'hot' }],
    ['update_lead', { fields: { a: 1 } }],
    ['create_task', { title: 'x' }],
  ])('of %s is the event’s unless it is named', (type, config) => {
    expect(readyInput(type, config)).toMatchObject({ lead_id: 'lead-1' });
    expect(readyInput(type, config, task)).toMatchObject({ lead_id: '9' });
    expect(readyInput(type, { ...config, lead_id: 'lead-2' })).toMatchObject({ lead_id: 'lead-2' });
    expect(readyInput(type, { ...config, lead_id: null })).toMatchObject({ lead_id: 'lead-1' });
    expect(readyInput(type, { ...config, lead_id: '{{ event.entity_id }}-x' }, deal)).toMatchObject({ lead_id: 'deal-1-x' });
  });

  test.each<[ActionType, JsonObject]>([
    ['add_tag', { tag: 'hot' }],
    ['remove_tag', { tag: 'hot' }],
    ['update_lead', { fields: { a: 1 } }],
  ])('is what %s cannot do without', (type, config) => {
    expect(inputOf(type, config, deal)).toEqual({
      kind: 'failed',
      code: 'no_lead',
      message: 'Expected a lead_id, but the event is about no lead',
    });
  });

  test('is optional for a task, and named wrongly it fails', () => {
    expect(readyInput('create_task', { title: 'x' }, deal)).toEqual({ title: 'x' });
    expect(inputOf('add_tag', { tag: 'x', lead_id: '{{ lead.gone }}' }, deal)).toMatchObject({ kind: 'failed', code: 'template_missing' });
  });
});

describe('rendered values', () => {
  test('a task takes numbers as texts and seconds as a duration', () => {
    expect(readyInput('create_task', { title: '{{ amount }}', assigned_to_id: 5, due_in: 90 }, deal)).toEqual({
      title: '12.5',
      assigned_to_id: '5',
      due_in: 'PT90S',
    });
  });

  test('fields of a lead keep their types', () => {
    const config = {
      lead_id: 'l',
      fields: { score: '{{ amount }}', text: 'is {{ amount }}', empty: '{{ nothing }}', list: ['{{ tag }}'] },
    };

    expect(readyInput('update_lead', config, deal)).toEqual({
      lead_id: 'l',
      fields: { score: 12.5, text: 'is 12.5', empty: null, list: [7] },
    });
  });

  test('a tag is text', () => {
    expect(readyInput('add_tag', { tag: '{{ tag }}', lead_id: 'l' }, deal)).toEqual({ lead_id: 'l', tag: '7' });
  });

  test('a notification without anyone to notify is skipped', () => {
    expect(inputOf('send_notification', { user_id: '{{ lead.owner_id }}', title: 'x' })).toEqual({ kind: 'skipped', reason: 'no_address' });
    expect(readyInput('send_notification', { user_id: '{{ tag }}', title: 'x' }, deal)).toEqual({ user_id: '7', title: 'x' });
  });
});
