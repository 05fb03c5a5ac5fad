import { parseJson, type WorkflowActionExecution, type WorkflowInstance } from '@millrace/db';
import type { Json } from '@millrace/messages';
import { z } from 'zod';
import { instant, rowId } from './answer-schema.ts';

export const instanceStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;

/** An instance as the API answers it. Its id is opaque. */
export const instanceSchema = z.strictObject({
  id: z.string(),
  workflow_id: rowId.nullable(),
  workflow_version: rowId.nullable(),
  scheduled_task_id: rowId.nullable(),
  scheduled_for: instant.nullable(),
  status: z.enum(instanceStatuses),
  progress: z.number().int().min(0).max(100),
  executed_actions: z.number().int().min(0),
  failed_actions: z.number().int().min(0),
  entity_type: z.string(),
  entity_id: z.string(),
  triggered_by: z.string(),
  triggered_by_value: z.string(),
  waiting_for: z.string().nullable(),
  wake_at: instant.nullable(),
  row_version: z.number().int().min(0),
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  created_at: instant,
  updated_at: instant,
});

export type InstanceView = z.input<typeof instanceSchema>;

const count = z.number().int().min(0);

/** What became of one action; written by the audit logger, so it may lag behind its instance a little. */
export const actionExecutionSchema = z.strictObject({
  action_id: rowId.nullable(),
  action_name: z.string(),
  action_type: z.string(),
  status: z.string(),
  attempts: count,
  retry_count: count,
  input: z.json().nullable(),
  result: z.json().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  skip_reason: z.string().nullable(),
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  duration_ms: count.nullable(),
});

export const instanceDetailSchema = instanceSchema.extend({ action_executions: z.array(actionExecutionSchema) });

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

export function instanceView(row: InstanceRow): InstanceView {
  return {
    id: row.id,
    workflow_id: row.workflowId === null || row.workflowId === undefined ? null : Number(row.workflowId),
    workflow_version: row.workflowVersion ?? null,
    scheduled_task_id: row.scheduledTaskId ?? null,
    scheduled_for: isoOrNull(row.scheduledFor),
    status: row.status as InstanceView['status'],
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

export function actionExecutionView(row: WorkflowActionExecution): z.input<typeof actionExecutionSchema> {
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
function parseStored(value: unknown): Json {
  return typeof value === 'string' ? value : parseJson<Json>(value);
}

function isoOrNull(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
