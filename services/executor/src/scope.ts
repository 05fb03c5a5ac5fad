import type { EventView } from '@millrace/messages';
import type { ConditionContext, TemplateScope, WorkflowVersion } from '@millrace/workflow';
import type { Draft } from './instance/draft.ts';
import type { Json } from './instance/entries.ts';

/** What an action's templates and conditions read: 1-product.md section 3. */
export function createScope(
  draft: Draft,
  version: WorkflowVersion,
  nowMs: number,
): { template: TemplateScope; conditions: ConditionContext } {
  const event = draft.state.start?.event as EventView;
  const actions: Record<string, { output: Json; status: string }> = {};
  for (const action of version.actions) {
    const state = draft.state.actionById.get(action.id);
    if (state !== undefined) actions[action.name] = { output: state.output, status: state.status };
  }
  const shared = {
    event: { ...event },
    data: event.data,
    previous: event.previous,
    actions,
    variables: {},
    instance: { id: draft.row.id, entity_type: draft.row.entityType, entity_id: draft.row.entityId },
  };
  return {
    template: {
      ...shared,
      lead: leadOf(event),
      workflow: { id: version.id, name: version.name, version: version.version },
      tenant: { id: draft.row.tenantId },
      now: new Date(nowMs).toISOString(),
    },
    conditions: { ...shared, nowMs },
  };
}

/** A lead event's data; of a `task_completed` its `lead`. */
function leadOf(event: EventView): Json {
  if (event.event_type === 'task_completed') return event.data.lead ?? null;
  return event.entity_type === 'lead' ? event.data : null;
}
