import type { OutRecord } from '@millrace/bus';
import { type EventView, instanceId, topics, type WorkflowCommand } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';
import type { Installation } from './installation.ts';

/** An event as commands carry it, of a lead, with a time that never changes. */
export function anEventView(overrides: Partial<EventView> = {}): EventView {
  return {
    event_id: 'event-1',
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: '2026-11-24T10:00:00.000Z',
    source: 'test',
    bulk_id: null,
    causation: null,
    data: { lead_id: 'lead-1', first_name: 'Ada', email: 'ada@example.com', phone: '+15550001111', lead_score: 85 },
    previous: null,
    ...overrides,
  };
}

/** The StartInstance that the matcher would send for this event. */
export function aStart(version: WorkflowVersion, event: EventView): WorkflowCommand {
  return {
    tenant_id: version.tenant_id,
    instance_id: instanceId({ tenantId: version.tenant_id, workflowId: version.id, kind: 'event', originId: event.event_id }),
    entity_type: event.entity_type,
    entity_id: event.entity_id,
    command: {
      'millrace.StartInstance': {
        workflow_id: version.id,
        workflow_version: version.version,
        trigger_id: null,
        triggered_by: 'event',
        triggered_by_value: event.event_id,
        event: JSON.stringify(event),
        blocked: null,
        origin_topic: null,
        origin_partition: null,
        origin_offset: null,
      },
    },
  };
}

/** Sends commands to the executor, as its senders do. */
export async function sendCommands(
  { bus, codec }: Installation,
  commands: WorkflowCommand[],
  headers: Record<string, string> = {},
): Promise<void> {
  const records: OutRecord[] = [];
  for (const command of commands) {
    records.push({
      topic: topics.workflowCommands,
      tenantId: command.tenant_id,
      entityType: command.entity_type,
      entityId: command.entity_id,
      value: await codec.encode(topics.workflowCommands, command),
      headers,
    });
  }
  await bus.publish(records);
}
