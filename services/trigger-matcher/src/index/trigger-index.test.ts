import type { EventView } from '@millrace/messages';
import { expect, test } from 'vitest';
import { aDefinition, aLeadCreated, now } from '../../test/definitions.ts';
import { createTriggerIndex, type TriggerIndex } from './trigger-index.ts';

const indexOf = (...definitions: ReturnType<typeof aDefinition>[]): TriggerIndex => {
  const index = createTriggerIndex();
  for (const definition of definitions) index.apply(definition);
  return index;
};
const started = (index: TriggerIndex, event: EventView = aLeadCreated(), tenantId = 'acme') =>
  index
    .match(tenantId, event, now)
    .matched.map(({ workflowId, workflowVersion, triggerId }) => [workflowId, workflowVersion, triggerId])
    .sort(([a = 0], [b = 0]) => a - b);
const aCustomEvent = (eventType: string) => aLeadCreated({ event_type: eventType, data: {} });

test('an event starts the workflows of its tenant that listen to it', () => {
  const index = indexOf(
    aDefinition({ workflow_id: 1 }),
    aDefinition({ workflow_id: 2, triggers: [{ type: 'lead_scored' }] }),
    aDefinition({ workflow_id: 3, tenant_id: 'other' }),
  );
  expect(started(index)).toEqual([[1, 1, 1]]);
  expect(started(index, aLeadCreated(), 'nobody')).toEqual([]);
  expect(index.workflows).toBe(3);
});

test('a higher version replaces the one before as a whole', () => {
  const index = indexOf(aDefinition({ version: 1, triggers: [{ id: 7 }] }), aDefinition({ version: 2, triggers: [{ id: 8 }] }));
  expect(started(index)).toEqual([[1, 2, 8]]);
  expect(index.workflows).toBe(1);
});

test('a change counts from the next event on, and still when the index has been arranged anew', () => {
  const index = indexOf(...Array.from({ length: 10 }, (_, at) => aDefinition({ workflow_id: at + 1 })));
  expect(started(index)).toHaveLength(10);
  index.apply(aDefinition({ workflow_id: 3, version: 2, triggers: [{ config: { min_score: 90 } }] }));
  index.apply(aDefinition({ workflow_id: 4, version: 2 }));
  index.apply(aDefinition({ workflow_id: 11 }));
  index.remove('acme', 5);
  const expected = [1, 2, 4, 6, 7, 8, 9, 10, 11].map((id) => [id, id === 4 ? 2 : 1, 1]);
  expect(started(index)).toEqual(expected);
  for (let asked = 0; asked < 5_000; asked++) index.match('acme', aLeadCreated(), now);
  expect(started(index)).toEqual(expected);
});

test('a lower version that comes late changes nothing', () => {
  const index = indexOf(aDefinition({ version: 5 }), aDefinition({ version: 4, enabled: false }));
  expect(started(index)).toEqual([[1, 5, 1]]);
});

test('the same version again changes nothing', () => {
  const index = indexOf(aDefinition(), aDefinition());
  expect(started(index)).toEqual([[1, 1, 1]]);
  expect(index.workflows).toBe(1);
});

test('a disabled workflow starts nothing, and is known with its version', () => {
  const index = indexOf(aDefinition({ version: 1 }), aDefinition({ version: 2, enabled: false }));
  expect(started(index)).toEqual([]);
  index.apply(aDefinition({ version: 1 }));
  expect(started(index)).toEqual([]);
  index.apply(aDefinition({ version: 3 }));
  expect(started(index)).toEqual([[1, 3, 1]]);
});

test('a deleted workflow starts nothing and waits for nothing', () => {
  const index = indexOf(aDefinition({ waits_for: ['order.paid'] }), aDefinition({ version: 2, deleted: true, waits_for: ['order.paid'] }));
  expect(started(index)).toEqual([]);
  expect(index.isAwaited('acme', 'order.paid')).toBe(false);
});

test('a tombstone forgets the workflow and leaves the others', () => {
  const index = indexOf(aDefinition({ workflow_id: 1 }), aDefinition({ workflow_id: 2 }));
  index.remove('acme', 1);
  index.remove('acme', 1);
  index.remove('nobody', 1);
  expect(started(index)).toEqual([[2, 1, 1]]);
  expect(index.workflows).toBe(1);
});

test('a definition that cannot be read is refused, and the known one stays', () => {
  const index = indexOf(aDefinition({ version: 1 }));
  const broken = aDefinition({ version: 2 });
  broken.triggers[0] = { trigger_id: 1, trigger_type: 'lead_created', trigger_config: '{', conditions: null };
  expect(() => index.apply(broken)).toThrow(expect.objectContaining({ code: 'definition_invalid' }));
  expect(started(index)).toEqual([[1, 1, 1]]);
});

test('a trigger type that this version does not know starts nothing', () => {
  expect(started(indexOf(aDefinition({ triggers: [{ type: 'moon_phase' }] })))).toEqual([]);
});

test('an event starts a workflow once, by its first trigger that matches', () => {
  const triggers = [{ id: 10, config: { min_score: 90 } }, { id: 11, config: { min_score: 40 } }, { id: 12 }];
  expect(started(indexOf(aDefinition({ triggers })))).toEqual([[1, 1, 11]]);
});

test.each([
  ['order.paid', 'order.paid', true],
  ['order.paid', 'order.paid.twice', false],
  ['order.*', 'order.paid', true],
  ['order.*', 'order.paid.twice', true],
  ['order.*', 'order.', true],
  ['order.*', 'order', false],
  ['order.*', 'orders.paid', false],
  ['order.*', 'order.*', true],
  ['order.paid.*', 'order.paid', false],
  ['order.paid.*', 'order.paid.twice', true],
])('a trigger for %s and the event %s: %s', (name, eventType, starts) => {
  const index = indexOf(aDefinition({ triggers: [{ type: 'custom', config: { event_name: name } }] }));
  expect(started(index, aCustomEvent(eventType))).toHaveLength(starts ? 1 : 0);
});

test('an exact name and prefixes of it are asked together', () => {
  const index = indexOf(
    ...['order.paid.twice', 'order.paid.*', 'order.*', 'invoice.*'].map((name, at) =>
      aDefinition({ workflow_id: at + 1, triggers: [{ type: 'custom', config: { event_name: name } }] }),
    ),
  );
  expect(started(index, aCustomEvent('order.paid.twice')).map(([id]) => id)).toEqual([1, 2, 3]);
});

test('an event is awaited while some workflow waits for its name', () => {
  const index = indexOf(
    aDefinition({ workflow_id: 1, waits_for: ['order.paid', 'order.paid'] }),
    aDefinition({ workflow_id: 2, enabled: false, waits_for: ['order.paid'] }),
  );
  index.apply(aDefinition({ workflow_id: 1, version: 2, waits_for: [] }));
  expect(index.isAwaited('acme', 'order.paid')).toBe(true);
  expect(index.isAwaited('other', 'order.paid')).toBe(false);
  index.remove('acme', 2);
  expect(index.isAwaited('acme', 'order.paid')).toBe(false);
});

test('a question that makes no sense for the values is told, also where the index looks by value', () => {
  const conditions = [
    [{ field: 'custom.plan', operator: 'equals' as const, value: 'gold' }],
    [{ field: 'custom.plan', operator: 'in' as const, value: ['gold', 'silver'] }],
    [{ field: 'custom.plan', operator: 'changed_to' as const, value: 5 }],
    [{ field: 'custom.seats', operator: 'greater_than' as const, value: 5 }],
    [{ field: 'custom.seats', operator: 'crossed_above' as const, value: 5 }],
  ];
  const index = createTriggerIndex();
  for (let id = 1; id <= 50; id++) index.apply(aDefinition({ workflow_id: id, triggers: [{ conditions: conditions[id % 5] ?? [] }] }));
  const { matched, unknown } = index.match('acme', aLeadCreated({ data: { custom: { plan: 5, seats: 'many' } } }), now);
  expect(matched).toEqual([]);
  expect(unknown).toHaveLength(50);
});
