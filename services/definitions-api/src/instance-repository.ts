import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, WorkflowActionExecution, WorkflowInstance } from '@millrace/db';
import type { EventView } from '@millrace/messages';
import { type InstanceRow, instanceFields } from './instance-view.ts';

export interface PendingInstance {
  id: string;
  tenantId: string;
  workflowId: number;
  workflowVersion: number;
  triggeredBy: string;
  triggeredByValue: string;
  event: EventView;
  at: Date;
}

/** A start that gets no answer from Kafka is taken up by the scheduler after this long. */
const takeUpAfterMs = 5_000;

/**
 * Inserts the row that the 202 promises: pending, due soon, with all that the executor needs to start it in `inbox`.
 * False where the instance is there already.
 */
export async function insertPending(em: SqlEntityManager, instance: PendingInstance): Promise<boolean> {
  const { event, triggeredBy, triggeredByValue, workflowVersion, at } = instance;
  const start = {
    event,
    triggered_by: triggeredBy,
    triggered_by_value: triggeredByValue,
    trigger_id: null,
    workflow_version: workflowVersion,
  };
  try {
    await em.insert(WorkflowInstance, {
      id: instance.id,
      tenantId: instance.tenantId,
      workflowId: instance.workflowId,
      workflowVersion,
      entityType: event.entity_type,
      entityId: event.entity_id,
      triggeredBy,
      triggeredByValue,
      status: 'pending',
      progress: 0,
      executedActions: 0,
      failedActions: 0,
      rowVersion: 0,
      journal: Buffer.from('[]'),
      publishedSeq: 0,
      wakeAt: new Date(at.getTime() + takeUpAfterMs),
      waitingFor: 'start',
      inbox: Buffer.from(JSON.stringify({ start })),
      createdAt: at,
      updatedAt: at,
    });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

export function findInstance(em: SqlEntityManager, workflowId: number, id: string): Promise<InstanceRow | null> {
  return em.findOne(WorkflowInstance, { id, workflowId }, { fields: [...instanceFields] });
}

/** Also those of scheduled tasks, which may have no workflow. */
export function findInstanceById(em: SqlEntityManager, id: string): Promise<InstanceRow | null> {
  return em.findOne(WorkflowInstance, { id }, { fields: [...instanceFields] });
}

export function listActionExecutions(em: SqlEntityManager, instanceId: string): Promise<WorkflowActionExecution[]> {
  return em.find(WorkflowActionExecution, { instanceId }, { orderBy: { id: 'asc' } });
}
