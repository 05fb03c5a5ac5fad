import { expect, test } from 'vitest';
import { entityTypeOf, taskEntityOf } from './task-entity.ts';

test.each([
  ['lead_id', 'lead'],
  ['order_item_id', 'order_item'],
  ['manual', 'manual'],
  ['_id', '_id'],
])('%s names an entity of type %s', (triggeredBy, type) => {
  expect(entityTypeOf(triggeredBy)).toBe(type);
});

test.each([
  [
    { triggered_by: 'lead_id', triggered_by_value: 'lead-5' },
    { entityType: 'lead', entityId: 'lead-5' },
  ],
  [{ triggered_by: 'lead_id' }, { entityType: 'scheduled_task', entityId: '7' }],
  [
    { triggered_by: 5, triggered_by_value: 'lead-5' },
    { entityType: 'scheduled_task', entityId: '7' },
  ],
  [{}, { entityType: 'scheduled_task', entityId: '7' }],
])('runs of task 7 with %j are about %j', (config, entity) => {
  expect(taskEntityOf(7, config)).toEqual(entity);
});
