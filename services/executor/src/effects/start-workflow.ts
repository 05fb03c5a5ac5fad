import { type Database, findWorkflowState, translateDatabaseError } from '@millrace/db';
import { type Codec, instanceId, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import type { ActionInputOf } from '@millrace/workflow';
import type { Publisher } from '../publisher.ts';
import type { WorkflowState, WorkflowStates } from '../workflow-states.ts';
import type { Effect } from './effect.ts';

const deepestCausation = 8;

interface StartSettings {
  publisher: Publisher;
  codec: Codec;
  states: WorkflowStates;
  database: Database;
}

/** Starts a workflow of the tenant for the same entity; the started instance's id follows from the action key, so that a repeat finds it. */
export const startWorkflow =
  ({ publisher, codec, states, database }: StartSettings): Effect<ActionInputOf<'start_workflow'>> =>
  async ({ tenantId, entityType, entityId, actionKey, input, nowMs, causation, traceparent }) => {
    const target = states.find(tenantId, input.workflow_id) ?? (await findUnpublished(database, tenantId, input.workflow_id));
    if (target === null || target.state === 'deleted') {
      throw new TerminalError('workflow_missing', `Expected workflow ${input.workflow_id} of the tenant, but there is none`);
    }
    if (target.state !== 'active')
      throw new TerminalError('workflow_disabled', `Expected workflow ${input.workflow_id} to be enabled, but it isn't`);
    const id = instanceId({ tenantId, workflowId: input.workflow_id, kind: 'event', originId: actionKey });
    const event = {
      event_id: actionKey,
      event_type: 'start_workflow',
      entity_type: entityType,
      entity_id: entityId,
      occurred_at: new Date(nowMs).toISOString(),
      source: 'workflow',
      bulk_id: null,
      causation,
      data: input.additional_data,
      previous: null,
    };
    const value = await codec.encode(topics.workflowCommands, {
      tenant_id: tenantId,
      instance_id: id,
      entity_type: entityType,
      entity_id: entityId,
      command: {
        'millrace.StartInstance': {
          workflow_id: input.workflow_id,
          workflow_version: target.version,
          trigger_id: null,
          triggered_by: 'start_workflow',
          triggered_by_value: actionKey,
          event: JSON.stringify(event),
          blocked: causation.depth > deepestCausation ? 'loop_blocked' : null,
          origin_topic: null,
          origin_partition: null,
          origin_offset: null,
        },
      },
    });
    await publisher.publish({
      topic: topics.workflowCommands,
      tenantId,
      entityType,
      entityId,
      value,
      ...(traceparent === undefined ? {} : { headers: { traceparent } }),
    });
    return { instance_id: id };
  };

/** A workflow that was saved a moment ago may not be known here yet. */
async function findUnpublished(
  database: Database,
  tenantId: string,
  workflowId: number,
): Promise<{ version: number; state: WorkflowState } | null> {
  const row = await findWorkflowState(database.pool, tenantId, workflowId).catch((error: unknown) => {
    throw translateDatabaseError(error);
  });
  if (row === null) return null;
  if (row.isDeleted) return { version: row.version, state: 'deleted' };
  return { version: row.version, state: row.enabled ? 'active' : 'disabled' };
}
