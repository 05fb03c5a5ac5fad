import { type EventView, instanceId, type WorkflowCommand } from '@millrace/messages';
import type { IndexedTrigger } from './definition.ts';

/** Where an event lies. */
export interface Origin {
  topic: string;
  partition: number;
  offset: number;
}

export interface MatchedEvent {
  tenantId: string;
  event: EventView;
  origin: Origin;
  /** The first matching trigger of each workflow. */
  matched: readonly IndexedTrigger[];
  /** Some workflow of the tenant waits for the event. */
  awaited: boolean;
}

const deepestCausation = 8;

/** The commands that an event causes: its starts, then its delivery to those who wait. The same event gives the same commands. */
export function decideCommands({ tenantId, event, origin, matched, awaited }: MatchedEvent): WorkflowCommand[] {
  if (matched.length === 0 && !awaited) return [];
  const text = JSON.stringify(event);
  const blocked = isTooDeep(event) ? 'loop_blocked' : null;
  const entity = { tenant_id: tenantId, entity_type: event.entity_type, entity_id: event.entity_id };
  const commands = matched.map(
    ({ workflowId, workflowVersion, triggerId }): WorkflowCommand => ({
      ...entity,
      instance_id: instanceId({ tenantId, workflowId, kind: 'event', originId: event.event_id }),
      command: {
        'millrace.StartInstance': {
          workflow_id: workflowId,
          workflow_version: workflowVersion,
          trigger_id: triggerId,
          triggered_by: 'event',
          triggered_by_value: event.event_id,
          event: text,
          blocked,
          origin_topic: origin.topic,
          origin_partition: origin.partition,
          origin_offset: origin.offset,
        },
      },
    }),
  );
  if (awaited) {
    const delivery = { event: text, origin_topic: origin.topic, origin_partition: origin.partition, origin_offset: origin.offset };
    commands.push({ ...entity, instance_id: '', command: { 'millrace.DeliverEvent': delivery } });
  }
  return commands;
}

/** Workflows have caused each other too often in a row: what this event starts ends at once. */
export function isTooDeep({ causation }: EventView): boolean {
  return (causation?.depth ?? 0) > deepestCausation;
}
