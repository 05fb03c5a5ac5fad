import type { WorkflowCommand } from '@millrace/messages';
import { anEventView } from '@millrace/testing';
import { expect, test } from 'vitest';
import { addCommand, noCommands } from './commands.ts';

type Body = WorkflowCommand['command'];

const aCommand = (command: Body, instance_id = 'i-1'): WorkflowCommand => ({
  tenant_id: 'acme',
  instance_id,
  entity_type: 'lead',
  entity_id: 'l-1',
  command,
});
const aStart = (triggered_by = 'event'): Body => ({
  'millrace.StartInstance': {
    workflow_id: 7,
    workflow_version: 2,
    trigger_id: null,
    triggered_by,
    triggered_by_value: 'e-1',
    event: JSON.stringify(anEventView()),
    blocked: null,
    origin_topic: null,
    origin_partition: null,
    origin_offset: null,
  },
});
const aDelivery: Body = {
  'millrace.DeliverEvent': {
    event: JSON.stringify(anEventView({ event_id: 'e-2' })),
    origin_topic: 'crm.events',
    origin_partition: 0,
    origin_offset: 0,
  },
};

const place = 'workflow.commands/0/0';
const done = { place, isDone: true, isDeadLettered: false };
const held = { place: 'workflow.commands/0/1', isDone: false, isDeadLettered: false };

test('a start that comes again is one start, dealt with once one of them is', () => {
  const commands = noCommands();
  addCommand(commands, aCommand(aStart()), done);
  addCommand(commands, aCommand(aStart()), { ...held, isDeadLettered: true });
  expect([...commands.startById.values()]).toEqual([
    { instanceId: 'i-1', place, tenantId: 'acme', workflowId: 7, workflowVersion: 2, isDone: true, isDeadLettered: true },
  ]);
});

test('the event of a start or a delivery has caused a command; what the API starts has no event', () => {
  const commands = noCommands();
  addCommand(commands, aCommand(aStart()), done);
  addCommand(commands, aCommand(aStart('lead_id'), 'i-2'), done);
  addCommand(commands, aCommand(aDelivery, ''), done);
  expect([...commands.causes]).toEqual(['acme|e-1', 'acme|e-2']);
  expect([...commands.startById.keys()]).toEqual(['i-1', 'i-2']);
});

test('whoever holds a command holds its instance, of a delivery all of its entity', () => {
  const commands = noCommands();
  addCommand(commands, aCommand({ 'millrace.ResumeInstance': { row_version: 1 } }), held);
  addCommand(commands, aCommand({ 'millrace.ResumeInstance': { row_version: 1 } }, 'i-2'), done);
  addCommand(commands, aCommand(aDelivery, ''), held);
  expect([...commands.openIds]).toEqual(['i-1']);
  expect([...commands.openEntities]).toEqual(['acme|lead|l-1']);
  expect(commands.startById.size).toBe(0);
});

test('the instance of a command that was given up is remembered', () => {
  const commands = noCommands();
  addCommand(commands, aCommand({ 'millrace.ResumeInstance': { row_version: 1 } }), { ...done, isDeadLettered: true });
  expect([...commands.deadLetteredIds]).toEqual(['i-1']);
});
