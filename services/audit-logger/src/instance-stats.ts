import type { WorkflowStatRow } from '@millrace/db';
import { compareText } from './compare-text.ts';
import type { LogItem } from './log-item.ts';

type Count = 'started' | 'completed' | 'failed' | 'cancelled' | 'retried';

const countByType = new Map<string, Count>([
  ['instance_completed', 'completed'],
  ['instance_failed', 'failed'],
  ['instance_cancelled', 'cancelled'],
  ['retry_requested', 'retried'],
]);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * What new entries add to workflow_stats, sorted by its key. Each entry is counted by itself, by its type and its own time, so that neither
 * their order nor their batches matter; only an instance's first entry says that it has started. Pure.
 */
export function foldInstanceStats(items: readonly LogItem[]): WorkflowStatRow[] {
  const hours = new Map<string, WorkflowStatRow>();
  for (const { header, entry } of items) {
    const count = countByType.get(entry.type);
    if (count === undefined && entry.seq !== 1) continue;
    const startsAtMs = Math.floor(entry.at / hourMs) * hourMs;
    const { tenant_id: tenantId, workflow_id: workflowId, workflow_version: version } = header;
    const key = `${startsAtMs}/${workflowId ?? 0}/${version ?? 0}/${tenantId}`;
    let row = hours.get(key);
    if (row === undefined) {
      row = { tenantId, period: 'hour', startsAtMs, workflowId: workflowId ?? 0, version: version ?? 0, ...none };
      hours.set(key, row);
    }
    if (entry.seq === 1) row.started += 1;
    if (count !== undefined) row[count] += 1;
  }
  return rollUp([...hours.values()]);
}

const none = { started: 0, completed: 0, failed: 0, cancelled: 0, retried: 0 };

/** Hours make days and the whole time, workflows their tenant. */
function rollUp(hours: readonly WorkflowStatRow[]): WorkflowStatRow[] {
  const rows = new Map<string, WorkflowStatRow>();
  for (const hour of hours) {
    const ofTenant = { ...hour, workflowId: 0, version: 0 };
    for (const each of hour.workflowId === 0 ? [ofTenant] : [hour, ofTenant]) {
      add(rows, each);
      add(rows, { ...each, period: 'day', startsAtMs: Math.floor(each.startsAtMs / dayMs) * dayMs });
      add(rows, { ...each, period: 'all', startsAtMs: 0 });
    }
  }
  return [...rows.values()].sort(
    (a, b) =>
      compareText(a.tenantId, b.tenantId) ||
      compareText(a.period, b.period) ||
      a.startsAtMs - b.startsAtMs ||
      a.workflowId - b.workflowId ||
      a.version - b.version,
  );
}

function add(rows: Map<string, WorkflowStatRow>, added: WorkflowStatRow): void {
  const key = `${added.period}/${added.startsAtMs}/${added.workflowId}/${added.version}/${added.tenantId}`;
  const row = rows.get(key);
  if (row === undefined) {
    rows.set(key, { ...added });
    return;
  }
  row.started += added.started;
  row.completed += added.completed;
  row.failed += added.failed;
  row.cancelled += added.cancelled;
  row.retried += added.retried;
}
