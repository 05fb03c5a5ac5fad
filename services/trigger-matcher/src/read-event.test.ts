import type { CrmEvent } from '@millrace/messages';
import { aLeadCreated } from '@millrace/testing';
import { expect, test } from 'vitest';
import { checkEvent } from './read-event.ts';

const anEvent = (overrides: Partial<CrmEvent> = {}): CrmEvent => aLeadCreated({ tenant_id: 'acme', ...overrides });
const long = (length: number) => 'x'.repeat(length);

test('an event is read as its tenant sees it', () => {
  const event = anEvent({ event_id: 'event-1', occurred_at: Date.UTC(2026, 10, 24, 10) });
  expect(checkEvent(event, Buffer.from('acme'))).toEqual({
    tenantId: 'acme',
    event: expect.objectContaining({
      event_id: 'event-1',
      event_type: 'lead_created',
      occurred_at: '2026-11-24T10:00:00.000Z',
      previous: null,
    }),
  });
});

test('ids and names of the longest kind are taken', () => {
  const tenantId = long(64);
  const event = anEvent({ tenant_id: tenantId, event_id: long(128), entity_type: long(64), entity_id: long(128) });
  expect(checkEvent(event, Buffer.from(tenantId)).tenantId).toBe(tenantId);
});

const completion = { 'millrace.WorkflowCompleted': { workflow_id: 1, instance_id: 'i', status: 'completed', reason: null } };
const custom = { 'millrace.CustomEvent': { fields: {} } };

test.each<[string, Partial<CrmEvent>, string | null, string, string]>([
  ['a key of another tenant', {}, 'other', 'tenant_mismatch', 'Expected the key to be the tenant acme, but it is other'],
  ['no key', {}, null, 'tenant_mismatch', 'Expected the key to be the tenant acme, but it is empty'],
  ['an empty key', {}, '', 'tenant_mismatch', 'but it is empty'],
  ['a key in another case', {}, 'Acme', 'tenant_mismatch', 'but it is Acme'],
  ['no tenant', { tenant_id: '' }, '', 'event_invalid', 'Expected a tenant_id'],
  ['a tenant with other characters', { tenant_id: 'a/b' }, 'a/b', 'event_invalid', 'Expected a tenant_id'],
  ['a tenant with a line break', { tenant_id: 'acme\n' }, 'acme\n', 'event_invalid', 'Expected a tenant_id'],
  ['a tenant that is too long', { tenant_id: long(65) }, long(65), 'event_invalid', 'Expected a tenant_id'],
  ['no event id', { event_id: '' }, 'acme', 'event_invalid', 'Expected an event_id of 1 to 128 characters, but got 0 characters'],
  ['an event id that is too long', { event_id: long(129) }, 'acme', 'event_invalid', 'event_id of 1 to 128 characters, but got 129'],
  ['no event type', { event_type: '' }, 'acme', 'event_invalid', 'event_type'],
  ['an event type that is too long', { event_type: long(129), data: custom }, 'acme', 'event_invalid', 'event_type'],
  ['no entity type', { entity_type: '' }, 'acme', 'event_invalid', 'entity_type'],
  ['an entity type that is too long', { entity_type: long(65) }, 'acme', 'event_invalid', 'entity_type'],
  ['no entity id', { entity_id: '' }, 'acme', 'event_invalid', 'entity_id'],
  ['an entity id that is too long', { entity_id: long(129) }, 'acme', 'event_invalid', 'entity_id'],
  ['data of another type', { data: completion }, 'acme', 'event_branch_mismatch', 'Expected data of lead_created'],
  ['a custom event with the data of a lead', { event_type: 'order.paid' }, 'acme', 'event_branch_mismatch', 'Expected data of order.paid'],
  [
    'a record before the change of another type',
    { previous: custom },
    'acme',
    'event_branch_mismatch',
    'Expected previous of lead_created',
  ],
  ['a time that is none', { occurred_at: 8.64e15 + 1 }, 'acme', 'event_time_invalid', 'Expected a time'],
])('%s is refused', (_, overrides, key, code, message) => {
  expect(() => checkEvent(anEvent(overrides), key === null ? null : Buffer.from(key))).toThrow(
    expect.objectContaining({ name: 'TerminalError', code, message: expect.stringContaining(message) }),
  );
});
