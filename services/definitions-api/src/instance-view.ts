import { parseJson, type WorkflowActionExecution, type WorkflowInstance } from '@millrace/db';

export const instanceStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;

/** What lists and answers show of an instance: not its journal, which may be large. */
export const instanceFields = [
  'id',
  'workflowId',
  'workflowVersion',
  'scheduledTaskId',
  'scheduledFor',
  'entityType',
  'entityId',
  'triggeredBy',
  'triggeredByValue',
  'status',
  'progress',
  'executedActions',
  'failedActions',
  'rowVersion',
  'wakeAt',
  'waitingFor',
  'startedAt',
  'completedAt',
  'createdAt',
  'updatedAt',
] as const;

export type InstanceRow = Pick<WorkflowInstance, (typeof instanceFields)[number]>;

/** An instance as the API answers it. Its id is opaque. */
export function instanceView(row: InstanceRow) {
  return {
    id: row.id,
    workflow_id: row.workflowId === null || row.workflowId === undefined ? null : Number(row.workflowId),
    workflow_version: row.workflowVersion ?? null,
    scheduled_task_id: row.scheduledTaskId ?? null,
    scheduled_for: isoOrNull(row.scheduledFor),
    status: row.status,
    progress: row.progress,
    executed_actions: row.executedActions,
    failed_actions: row.failedActions,
    entity_type: row.entityType,
    entity_id: row.entityId,
    triggered_by: row.triggeredBy,
    triggered_by_value: row.triggeredByValue,
    waiting_for: row.waitingFor ?? null,
    wake_at: isoOrNull(row.wakeAt),
    row_version: row.rowVersion,
    started_at: isoOrNull(row.startedAt),
    completed_at: isoOrNull(row.completedAt),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** What became of one action; written by the audit logger, so it may lag behind its instance a little. */
export function actionExecutionView(row: WorkflowActionExecution) {
  return {
    action_id: row.actionId === null || row.actionId === undefined ? null : Number(row.actionId),
    action_name: row.actionName,
    action_type: row.actionType,
    status: row.status,
    attempts: row.attempts,
    retry_count: row.retryCount,
    input: parseStored(row.input),
    result: parseStored(row.result),
    error_code: row.errorCode ?? null,
    error_message: row.errorMessage ?? null,
    skip_reason: row.skipReason ?? null,
    started_at: isoOrNull(row.startedAt),
    completed_at: isoOrNull(row.completedAt),
    duration_ms: row.durationMs ?? null,
  };
}

/** The ORM has parsed the column already; a text is a JSON text's value then. */
function parseStored(value: unknown): unknown {
  return typeof value === 'string' ? value : parseJson(value);
}

function isoOrNull(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
