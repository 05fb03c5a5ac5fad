import type { InRecord } from '@millrace/bus';
import type { LogRow } from '@millrace/db';
import type { ExecutionLog, LogEntry } from '@millrace/messages';
import { compareText } from './compare-text.ts';

/** The header of a log record: what its entries have in common. */
export type LogHeader = Omit<ExecutionLog, 'entries'>;

/** One entry on its way into the tables, and the record that it came in. */
export interface LogItem {
  header: LogHeader;
  entry: LogEntry;
  record: InRecord;
}

/** Sorts by instance and seq, which keeps two writers from deadlocking, and drops repeats within the batch. */
export function orderItems(items: readonly LogItem[]): LogItem[] {
  const sorted = [...items].sort((a, b) => compareText(a.header.instance_id, b.header.instance_id) || a.entry.seq - b.entry.seq);
  return sorted.filter((item, at) => {
    const before = sorted[at - 1];
    return before === undefined || before.entry.seq !== item.entry.seq || before.header.instance_id !== item.header.instance_id;
  });
}

const mostItems = 2_000;
const mostCharacters = 2_000_000;

/** Cuts ordered entries into what one transaction takes: by number, and by size, as the server takes no statement of any length. */
export function splitItems(items: readonly LogItem[]): LogItem[][] {
  const chunks: LogItem[][] = [];
  let characters = 0;
  for (const item of items) {
    const size = (item.entry.detail?.length ?? 0) + (item.entry.error_message?.length ?? 0);
    const last = chunks.at(-1);
    characters += size;
    if (last !== undefined && last.length < mostItems && characters <= mostCharacters) last.push(item);
    else {
      chunks.push([item]);
      characters = size;
    }
  }
  return chunks;
}

/** The row of workflow_execution_logs that an entry becomes. */
export function createLogRow({ header, entry }: LogItem): LogRow {
  return {
    tenantId: header.tenant_id,
    workflowId: header.workflow_id,
    instanceId: header.instance_id,
    seq: entry.seq,
    type: entry.type,
    actionId: entry.action_id,
    status: entry.status,
    detail: detailText(entry),
    atMs: entry.at,
  };
}

const detailFields = ['action_name', 'action_type', 'attempt', 'reason', 'error_code', 'error_message', 'duration_ms'] as const;

/** All of an entry but what has a column, as JSON text; its own `detail` is copied as it is, the database checks that it is JSON. */
function detailText(entry: LogEntry): string | null {
  const parts: string[] = [];
  for (const field of detailFields) {
    const value = entry[field];
    if (value !== null) parts.push(`"${field}":${JSON.stringify(value)}`);
  }
  if (entry.detail !== null) parts.push(`"detail":${entry.detail}`);
  return parts.length === 0 ? null : `{${parts.join(',')}}`;
}
