import {
  type ConditionContext,
  createScope,
  type EventView,
  type Json,
  type TemplateScope,
  type WorkflowVersion,
} from '@millrace/workflow';
import type { Draft } from './instance/draft.ts';

/** What an action's conditions and templates read: 1-product.md section 3. */
export interface ActionScope {
  event: EventView;
  template: TemplateScope;
  conditions: ConditionContext;
}

/** Builds what an action of a started instance reads at its fixed `now`. */
export function createActionScope(draft: Draft, version: WorkflowVersion, nowMs: number): ActionScope {
  const event = draft.state.start?.event as EventView;
  const actions: Record<string, Json> = {};
  for (const action of version.actions) {
    const state = draft.state.actionById.get(action.id);
    if (state !== undefined) actions[action.name] = { output: state.output, status: state.status };
  }
  const instance = { id: draft.row.id, entity_type: draft.row.entityType, entity_id: draft.row.entityId };
  const workflow = { id: version.id, name: version.name, version: version.version };
  const template = createScope({
    event,
    workflow,
    instance,
    tenant: { id: draft.row.tenantId },
    actions,
    variables: { ...draft.state.variables },
    nowMs,
  });
  return {
    event,
    template,
    conditions: { data: event.data, previous: event.previous, event, actions, variables: { ...draft.state.variables }, instance, nowMs },
  };
}
