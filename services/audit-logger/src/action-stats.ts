import { type ActionOutcome, type ActionStatRow, durationBucket } from '@millrace/db';
import { compareText } from './compare-text.ts';
import type { LogItem } from './log-item.ts';

/** What an entry of an action counts as. */
const outcomeByType = new Map<string, ActionOutcome>([
  ['action_completed', 'completed'],
  ['action_failed', 'failed'],
  ['action_unknown', 'unknown'],
  ['action_skipped', 'skipped'],
  ['action_cancelled', 'cancelled'],
  ['attempt_failed', 'retried'],
  ['arm_taken', 'arm'],
]);

const dayMs = 86_400_000;

/**
 * What new entries add to workflow_action_stats, sorted by its key: how actions ended and which arms they took, and, as action 0, how long
 * instances took to complete. Each entry is counted by itself, as in foldInstanceStats. Runs without a workflow have no such roll-up. Pure.
 */
export function foldActionStats(items: readonly LogItem[]): ActionStatRow[] {
  const rows = new Map<string, ActionStatRow>();
  for (const { header, entry } of items) {
    const { tenant_id: tenantId, workflow_id: workflowId } = header;
    const outcome = outcomeOf(entry);
    if (workflowId === null || outcome === undefined) continue;
    const durationMs = outcome === 'completed' ? (entry.duration_ms ?? 0) : 0;
    const bucket = outcome === 'completed' ? durationBucket(durationMs) : 0;
    const arm = outcome === 'arm' ? armOf(entry.detail) : '';
    const [actionId, version] = [entry.action_id ?? 0, header.workflow_version ?? 0];
    const startsAtMs = Math.floor(entry.at / dayMs) * dayMs;
    const key = `${startsAtMs}/${workflowId}/${version}/${actionId}/${outcome}/${bucket}/${tenantId}/${arm}`;
    const row = rows.get(key);
    if (row === undefined) {
      rows.set(key, { tenantId, startsAtMs, workflowId, version, actionId, outcome, arm, bucket, entries: 1, durationMs });
    } else {
      row.entries += 1;
      row.durationMs += durationMs;
    }
  }
  return [...rows.values()].sort(
    (a, b) =>
      compareText(a.tenantId, b.tenantId) ||
      a.startsAtMs - b.startsAtMs ||
      a.workflowId - b.workflowId ||
      a.version - b.version ||
      a.actionId - b.actionId ||
      compareText(a.outcome, b.outcome) ||
      compareText(a.arm, b.arm) ||
      a.bucket - b.bucket,
  );
}

/** An instance's end counts where it tells how long that took. */
function outcomeOf({ type, action_id: actionId, duration_ms: durationMs }: LogItem['entry']): ActionOutcome | undefined {
  if (type === 'instance_completed') return durationMs === null ? undefined : 'completed';
  return actionId === null ? undefined : outcomeByType.get(type);
}

/** Empty where an entry names none. */
function armOf(detail: string | null): string {
  const { arm } = detail === null ? {} : (JSON.parse(detail) as { arm?: unknown });
  return typeof arm === 'string' ? arm : '';
}
