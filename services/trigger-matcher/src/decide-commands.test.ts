import { instanceId, type WorkflowCommand } from '@millrace/messages';
import { expect, test } from 'vitest';
import { aDefinition, aLeadCreated } from '../test/definitions.ts';
import { decideCommands, type MatchedEvent } from './decide-commands.ts';
import { parseTriggers } from './definition.ts';

const aMatch = (overrides: Partial<MatchedEvent> = {}): MatchedEvent => ({
  tenantId: 'acme',
  event: aLeadCreated(),
  origin: { topic: 'crm.events', partition: 3, offset: 42 },
  matched: [],
  awaited: false,
  ...overrides,
});
const triggersOf = (...ids: number[]) =>
  ids.flatMap((id) => parseTriggers(aDefinition({ workflow_id: id, version: 2, triggers: [{ id: id * 10 }] })));
const kinds = (commands: WorkflowCommand[]) => commands.map(({ command }) => Object.keys(command)[0]);
const atDepth = (depth: number) => aLeadCreated({ causation: { root_event_id: 'root', depth, workflow_ids: [] } });

test('an event that nobody wants causes nothing', () => {
  expect(decideCommands(aMatch())).toEqual([]);
});

test('each matched workflow gets a start that says why and where from', () => {
  const [first, second] = decideCommands(aMatch({ matched: triggersOf(1, 2) }));
  expect(first).toEqual({
    tenant_id: 'acme',
    entity_type: 'lead',
    entity_id: 'lead-1',
    instance_id: instanceId({ tenantId: 'acme', workflowId: 1, kind: 'event', originId: 'event-1' }),
    command: {
      'millrace.StartInstance': {
        workflow_id: 1,
        workflow_version: 2,
        trigger_id: 10,
        triggered_by: 'event',
        triggered_by_value: 'event-1',
        event: JSON.stringify(aLeadCreated()),
        blocked: null,
        origin_topic: 'crm.events',
        origin_partition: 3,
        origin_offset: 42,
      },
    },
  });
  expect(second?.instance_id).not.toBe(first?.instance_id);
});

test('the instance is the same wherever the event lies, and whichever version or trigger it starts', () => {
  const [before] = decideCommands(aMatch({ matched: triggersOf(1) }));
  const matched = parseTriggers(aDefinition({ workflow_id: 1, version: 9, triggers: [{ id: 99 }] }));
  const [again] = decideCommands(
    aMatch({
      matched,
      event: aLeadCreated({ occurred_at: '2027-01-01T00:00:00.000Z' }),
      origin: { topic: 'crm.events', partition: 5, offset: 7 },
    }),
  );
  expect(again?.instance_id).toBe(before?.instance_id);
});

test('an event that is waited for is delivered once, after its starts', () => {
  const commands = decideCommands(aMatch({ matched: triggersOf(1), awaited: true }));
  expect(kinds(commands)).toEqual(['millrace.StartInstance', 'millrace.DeliverEvent']);
  expect(commands[1]).toEqual({
    tenant_id: 'acme',
    entity_type: 'lead',
    entity_id: 'lead-1',
    instance_id: '',
    command: {
      'millrace.DeliverEvent': {
        event: JSON.stringify(aLeadCreated()),
        origin_topic: 'crm.events',
        origin_partition: 3,
        origin_offset: 42,
      },
    },
  });
  expect(kinds(decideCommands(aMatch({ awaited: true })))).toEqual(['millrace.DeliverEvent']);
});

test.each([
  [0, null],
  [8, null],
  [9, 'loop_blocked'],
])('a start by an event of depth %s is blocked: %s', (depth, blocked) => {
  const [start] = decideCommands(aMatch({ event: atDepth(depth), matched: triggersOf(1) }));
  expect(start?.command).toMatchObject({ 'millrace.StartInstance': { blocked } });
});

test('a root event has no causation and is not blocked', () => {
  const [start] = decideCommands(aMatch({ matched: triggersOf(1) }));
  expect(start?.command).toMatchObject({ 'millrace.StartInstance': { blocked: null } });
});
