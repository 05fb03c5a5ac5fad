import type { ScheduledExecutionRow } from '@millrace/db';
import type { LogItem } from './log-item.ts';

const beginnings = new Set(['instance_started', 'retry_requested', 'run_retried']);
const endings = new Set(['instance_completed', 'instance_failed', 'instance_cancelled']);

/** What entries, sorted by seq, say about occurrences of scheduled tasks: one row per occurrence. Pure. */
export function foldScheduledExecutions(items: readonly LogItem[]): ScheduledExecutionRow[] {
  const rows = new Map<string, ScheduledExecutionRow>();
  const failureById = new Map<string, LogItem['entry']>();
  for (const { header, entry } of items) {
    const { scheduled_task_id: taskId, scheduled_for: scheduledForMs } = header;
    if (taskId === null || scheduledForMs === null) continue;
    if (entry.type === 'action_failed') failureById.set(header.instance_id, entry);
    const ended = endings.has(entry.type);
    const row = rows.get(header.instance_id);
    const output = entry.type === 'action_completed' && header.workflow_id === null ? outputOf(entry.detail) : null;
    if (!ended && !beginnings.has(entry.type) && output === null) continue;
    rows.set(header.instance_id, {
      taskId,
      tenantId: header.tenant_id,
      instanceId: header.instance_id,
      scheduledForMs,
      status: ended ? (entry.status as string) : 'running',
      skipReason: isSkip(entry) ? entry.reason : null,
      startedAtMs: row?.startedAtMs ?? (entry.type === 'instance_started' ? entry.at : null),
      completedAtMs: ended ? entry.at : null,
      output: output ?? row?.output ?? null,
      errorMessage: ended && !isSkip(entry) ? errorOf(entry, failureById.get(header.instance_id)) : null,
      lastSeq: entry.seq,
      createdAtMs: row?.createdAtMs ?? entry.at,
    });
  }
  return [...rows.values()];
}

/** It was cancelled before it did anything, right after its start; a run that somebody cancels has asked for it before. */
function isSkip({ type, seq }: LogItem['entry']): boolean {
  return type === 'instance_cancelled' && seq === 2;
}

/** Why it has ended; where an action failed it, with what that said. The two are of one flush, so they come together. */
function errorOf({ type, reason }: LogItem['entry'], failure: LogItem['entry'] | undefined): string | null {
  const isCause = type === 'instance_failed' && failure !== undefined && failure.error_code === reason && failure.error_message !== null;
  return isCause ? `${reason}: ${failure.error_message}` : reason;
}

/** What a task's own action gave, as JSON text. */
function outputOf(detail: string | null): string | null {
  if (detail === null) return null;
  const { output } = JSON.parse(detail) as { output?: unknown };
  return output === undefined ? null : JSON.stringify(output);
}
