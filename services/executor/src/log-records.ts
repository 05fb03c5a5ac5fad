import type { OutRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import { type Codec, type ExecutionLog, type LogEntry, topics } from '@millrace/messages';
import { taskActionId } from '@millrace/workflow';
import { cut } from './instance/cut.ts';
import type { Entry, Json } from './instance/entries.ts';

/** An int's largest value, some 24.8 days: a wait may last longer. */
const longestDurationMs = 2_147_483_647;
const longestUncut = 16 * 1024;
const mostRecordBytes = 400 * 1024;
/** Names, reason, codes and numbers of an entry. */
const overheadBytes = 1_000;

/** An instance's entries as records of `workflow.execution-log`: one, or more, split by seq, where they would be too large. */
export async function createLogRecords(
  codec: Codec,
  row: InstanceRow,
  entries: readonly Entry[],
  traceparent: string | undefined,
): Promise<OutRecord[]> {
  const records: OutRecord[] = [];
  for (const part of split(entries.map(toLogEntry))) {
    const log: ExecutionLog = {
      tenant_id: row.tenantId,
      instance_id: row.id,
      workflow_id: row.workflowId,
      workflow_version: row.workflowVersion,
      entity_type: row.entityType,
      entity_id: row.entityId,
      scheduled_task_id: row.scheduledTaskId,
      scheduled_for: row.scheduledForMs,
      entries: part,
    };
    records.push({
      topic: topics.executionLog,
      tenantId: row.tenantId,
      entityType: row.entityType,
      entityId: row.entityId,
      value: await codec.encode(topics.executionLog, log),
      ...(traceparent === undefined ? {} : { headers: { traceparent } }),
    });
  }
  return records;
}

function split(entries: LogEntry[]): LogEntry[][] {
  const parts: LogEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const own = overheadBytes + Buffer.byteLength(entry.detail ?? '') + Buffer.byteLength(entry.error_message ?? '');
    if (bytes + own > mostRecordBytes) {
      parts.push([]);
      bytes = 0;
    }
    (parts.at(-1) as LogEntry[]).push(entry);
    bytes += own;
  }
  return parts;
}

type AnyEntry = { [key in keyof LogEntry]?: LogEntry[key] | undefined } & { detail?: unknown };

function toLogEntry(entry: Entry): LogEntry {
  const fields = entry as unknown as AnyEntry;
  return {
    seq: entry.seq,
    type: entry.type,
    at: entry.at,
    // A task's one action is no row.
    action_id: fields.action_id === taskActionId ? null : (fields.action_id ?? null),
    action_name: fields.action_name ?? null,
    action_type: fields.action_type ?? null,
    attempt: fields.attempt ?? null,
    status: fields.status ?? null,
    reason: fields.reason ?? null,
    error_code: fields.error_code ?? null,
    error_message: fields.error_message ?? null,
    duration_ms: fields.duration_ms == null ? null : Math.min(fields.duration_ms, longestDurationMs),
    detail: fields.detail === undefined ? null : detailText(fields.detail as unknown as Record<string, Json>),
  };
}

/** Each value of a detail at most 16 KB of JSON text; a longer one is cut with a marker. Well-formed, or a database would not take it. */
function detailText(detail: Record<string, Json>): string {
  const text = JSON.stringify(detail);
  const whole = text.length * 3 <= longestUncut ? text : JSON.stringify(mapValues(detail, cut));
  return loneSurrogate.test(whole) ? JSON.stringify(wellFormed(JSON.parse(whole) as Json)) : whole;
}

/** `JSON.stringify` writes halves of surrogate pairs, and only them, as escapes. */
const loneSurrogate = /\\ud[89a-f]/;

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormed(item)]));
}

function mapValues(detail: Record<string, Json>, map: (value: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, map(value)]));
}
