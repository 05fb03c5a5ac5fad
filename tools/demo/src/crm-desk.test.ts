import { expect, test } from 'vitest';
import { type CrmCommandRecord, createCrmDesk } from './crm-desk.ts';

function record(commandId: string, command: CrmCommandRecord['command']): CrmCommandRecord {
  return { command_id: commandId, tenant_id: 't', entity_type: 'lead', entity_id: 'lead-1', command };
}

test('a command is applied once, however often it comes', () => {
  const desk = createCrmDesk();
  const create = record('i/1', { 'millrace.CreateTask': { lead_id: 'lead-1', title: 'Call', assigned_to_id: '1', priority: null } });
  expect(desk.apply(create)).toBe(true);
  expect(desk.apply(create)).toBe(false);
  expect(desk.tasks).toEqual([{ tenantId: 't', leadId: 'lead-1', title: 'Call' }]);
  expect(desk.repeats).toBe(1);
});

test('tags come and go, and lead fields are merged', () => {
  const desk = createCrmDesk();
  desk.apply(record('1', { 'millrace.AddTag': { lead_id: 'lead-1', tag: 'hot' } }));
  desk.apply(record('2', { 'millrace.AddTag': { lead_id: 'lead-1', tag: 'new' } }));
  desk.apply(record('3', { 'millrace.RemoveTag': { lead_id: 'lead-1', tag: 'hot' } }));
  desk.apply(record('4', { 'millrace.UpdateLead': { lead_id: 'lead-1', fields: '{"lead_status":"qualified","a":1}' } }));
  desk.apply(record('5', { 'millrace.UpdateLead': { lead_id: 'lead-1', fields: '{"a":2}' } }));
  expect([...(desk.tagsByLead.get('t/lead-1') ?? [])]).toEqual(['new']);
  expect(desk.fieldsByLead.get('t/lead-1')).toEqual({ lead_status: 'qualified', a: 2 });
});
