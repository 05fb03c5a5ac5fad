import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, parseJson, WorkflowActionExecution, WorkflowInstance } from '@millrace/db';
import type { EventView } from '@millrace/messages';
import { sameJson } from '@millrace/workflow';
import { type InstanceRow, instanceFields } from './instance-view.ts';
import type { TriggerRequest } from './start-event.ts';

export interface PendingInstance {
  id: string;
  tenantId: string;
  workflowId: number;
  workflowVersion: number;
  /** Of the trigger whose conditions were asked; null where none was. */
  triggerId: number | null;
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
  const { event, triggerId, triggeredBy, triggeredByValue, workflowVersion, at } = instance;
  const start = {
    event,
    triggered_by: triggeredBy,
    triggered_by_value: triggeredByValue,
    trigger_id: triggerId,
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

/**
 * Whether an instance was started by the same request: by the same value, with the same data. What its row keeps of the start says so; where
 * it keeps nothing, the data count as the same.
 */
export async function isSameStart(
  em: SqlEntityManager,
  instance: InstanceRow,
  request: TriggerRequest,
  { data }: EventView,
): Promise<boolean> {
  if (instance.triggeredBy !== request.triggered_by || instance.triggeredByValue !== request.triggered_by_value) return false;
  const row = await em.findOne(WorkflowInstance, { id: instance.id }, { fields: ['journal', 'inbox'] });
  const waiting = parseJson<{ start?: { event: EventView } } | null>(row?.inbox);
  const [started] = parseJson<{ detail?: { event?: EventView } }[] | null>(row?.journal) ?? [];
  const stored = waiting?.start?.event ?? started?.detail?.event;
  return stored === undefined || sameJson(stored.data, data);
}

export function findInstance(em: SqlEntityManager, workflowId: number, id: string): Promise<InstanceRow | null> {
  return em.findOne(WorkflowInstance, { id, workflowId }, { fields: [...instanceFields] });
}

/** Also those of scheduled tasks, which may have no workflow. */
export function findInstanceById(em: SqlEntityManager, id: string): Promise<InstanceRow | null> {
  return em.findOne(WorkflowInstance, { id }, { fields: [...instanceFields] });
}

/** Of a run of this scheduled task. */
export function findTaskInstance(em: SqlEntityManager, scheduledTaskId: number, id: string): Promise<InstanceRow | null> {
  return em.findOne(WorkflowInstance, { id, scheduledTaskId }, { fields: [...instanceFields] });
}

export function listActionExecutions(em: SqlEntityManager, instanceId: string): Promise<WorkflowActionExecution[]> {
  return em.find(WorkflowActionExecution, { instanceId }, { orderBy: { id: 'asc' } });
}
