import type { SqlEntityManager } from '@mikro-orm/mysql';
import { WorkflowExecutionLog } from '@millrace/db';
import { z } from 'zod';
import { instant, jsonObject, rowId } from './answer-schema.ts';
import type { Page } from './pagination.ts';

/** One transition of an instance; `seq` counts from 1 without gap. What a field says depends on the type of the entry. */
export const logEntrySchema = z.strictObject({
  seq: rowId,
  type: z.string(),
  at: instant,
  /** Of the instance or of the action after the entry. */
  status: z.string().nullable(),
  action_id: rowId.nullable(),
  action_name: z.string().nullable(),
  action_type: z.string().nullable(),
  attempt: z.number().int().nullable(),
  reason: z.string().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  duration_ms: z.number().int().nullable(),
  detail: jsonObject.nullable(),
});

type LogEntryView = z.input<typeof logEntrySchema>;

/** An instance's execution log from its first entry on. The audit logger writes it, so it may lag behind the instance a little. */
export async function listLogEntries(
  em: SqlEntityManager,
  instanceId: string,
  page: Page,
): Promise<{ items: LogEntryView[]; total: number }> {
  const [rows, total] = await em.findAndCount(WorkflowExecutionLog, { instanceId }, { ...page, orderBy: { seq: 'asc' } });
  return { items: rows.map(logEntryView), total };
}

/** The fields of an entry that have no column are kept as one object. */
function logEntryView(row: WorkflowExecutionLog): LogEntryView {
  const fields = (row.detail ?? {}) as Partial<LogEntryView>;
  return {
    seq: row.seq,
    type: row.action,
    at: row.createdAt.toISOString(),
    status: row.status ?? null,
    action_id: row.actionId ?? null,
    action_name: fields.action_name ?? null,
    action_type: fields.action_type ?? null,
    attempt: fields.attempt ?? null,
    reason: fields.reason ?? null,
    error_code: fields.error_code ?? null,
    error_message: fields.error_message ?? null,
    duration_ms: fields.duration_ms ?? null,
    detail: fields.detail ?? null,
  };
}
