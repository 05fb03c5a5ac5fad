import type { ScheduledExecutionRow } from '@millrace/db';
import type { LogItem } from './log-item.ts';

const endings = new Set(['instance_completed', 'instance_failed', 'instance_cancelled']);

/** What entries, sorted by seq, say about occurrences of scheduled tasks: one row per occurrence. Pure. */
export function foldScheduledExecutions(items: readonly LogItem[]): ScheduledExecutionRow[] {
  const rows = new Map<string, ScheduledExecutionRow>();
  for (const { header, entry } of items) {
    const { scheduled_task_id: taskId, scheduled_for: scheduledForMs } = header;
    if (taskId === null || scheduledForMs === null) continue;
    const ended = endings.has(entry.type);
    if (!ended && entry.type !== 'instance_started') continue;
    const row = rows.get(header.instance_id);
    rows.set(header.instance_id, {
      taskId,
      tenantId: header.tenant_id,
      instanceId: header.instance_id,
      scheduledForMs,
      status: entry.status ?? 'running',
      skipReason: entry.type === 'instance_cancelled' ? entry.reason : null,
      startedAtMs: row?.startedAtMs ?? (ended ? null : entry.at),
      completedAtMs: ended ? entry.at : null,
      errorMessage: entry.type === 'instance_failed' ? (entry.error_message ?? entry.reason) : null,
      output: null,
      lastSeq: entry.seq,
      createdAtMs: row?.createdAtMs ?? entry.at,
    });
  }
  return [...rows.values()];
}
