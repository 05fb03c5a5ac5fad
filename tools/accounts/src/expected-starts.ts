import type { Bus } from '@millrace/bus';
import { type EventView, instanceId, topics, type WorkflowDefinition } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { type CompiledTrigger, compileTrigger, type Trigger } from '@millrace/workflow';
import { readTopic } from './read-topic.ts';

/** An instance that an event must have started. */
export interface ExpectedStart {
  workflowId: number;
  instanceId: string;
}

/** Asks an event of a tenant, and the time of its record, which workflows it must have started. */
export type ExpectStarts = (tenantId: string, event: EventView, timestampMs: number) => ExpectedStart[];

/** Matchers have a change within 2 s; the rest is for clocks that differ. */
const settledMs = 10_000;

interface Definition {
  definition: WorkflowDefinition;
  triggers: CompiledTrigger[];
}

/** Knows each workflow as it is now, so only events that came after its last change can be asked of it. */
export async function readDefinitions(bus: Bus): Promise<ExpectStarts> {
  const newest = new Map<number, WorkflowDefinition>();
  await readTopic(bus, topics.workflowDefinitions, async ({ value }) => {
    const definition = value === null ? null : await decode(bus, value);
    if (definition === null) return;
    if ((newest.get(definition.workflow_id)?.version ?? 0) <= definition.version) newest.set(definition.workflow_id, definition);
  });
  return createExpectation([...newest.values()]);
}

/** null for what never will be one: the matcher goes past it, too. */
async function decode(bus: Bus, value: Buffer): Promise<WorkflowDefinition | null> {
  try {
    return await bus.codec.decode(topics.workflowDefinitions, value);
  } catch (error) {
    if (error instanceof TerminalError) return null;
    throw error;
  }
}

export function createExpectation(definitions: readonly WorkflowDefinition[]): ExpectStarts {
  const active = definitions.filter(({ enabled, deleted }) => enabled && !deleted).flatMap(compile);
  const byTenant = Map.groupBy(active, ({ definition }) => definition.tenant_id);
  return (tenantId, event, timestampMs) =>
    (byTenant.get(tenantId) ?? [])
      .filter(({ definition }) => timestampMs > definition.published_at + settledMs)
      .filter(({ triggers }) => triggers.some((trigger) => trigger.matches(event, timestampMs) === true))
      .map(({ definition: { workflow_id: workflowId } }) => ({
        workflowId,
        instanceId: instanceId({ tenantId, workflowId, kind: 'event', originId: event.event_id }),
      }));
}

/** None where the triggers can't be read: the matcher keeps to the version before. */
function compile(definition: WorkflowDefinition): Definition[] {
  try {
    const triggers = definition.triggers.map(({ trigger_id, trigger_type, trigger_config, conditions }) =>
      compileTrigger({
        id: trigger_id,
        trigger_type,
        trigger_config: JSON.parse(trigger_config) as Trigger['trigger_config'],
        conditions: conditions === null ? null : (JSON.parse(conditions) as Trigger['conditions']),
      }),
    );
    return [{ definition, triggers }];
  } catch {
    return [];
  }
}
