import type { Database } from '@millrace/db';
import { startsOf, timeText } from './stat-window.ts';

export interface StatOwner {
  tenantId: string;
  workflowId: number;
  /** When the workflow was made, ms. */
  fromMs: number;
  /** Now, ms. */
  toMs: number;
}

const dayMs = 86_400_000;
/** What one statement looks at. */
const daysAtOnce = 31;

/**
 * Removes the roll-ups of a workflow that nothing refers to any more; its tenant's totals stay. Their keys begin with the time: the workflow's
 * own are looked up one by one over its life, and no statement locks a row of another. Safe to repeat.
 */
export async function removeStats(pool: Database['pool'], { tenantId, workflowId, fromMs, toMs }: StatOwner): Promise<void> {
  const endMs = Math.ceil(toMs / dayMs) * dayMs + dayMs;
  // A clock that is behind tells of a day before.
  for (let startMs = Math.floor(fromMs / dayMs) * dayMs - dayMs; startMs < endMs; startMs += daysAtOnce * dayMs) {
    const days = { fromMs: startMs, toMs: Math.min(endMs, startMs + daysAtOnce * dayMs) };
    for (const period of ['hour', 'day'] as const) {
      await pool.query('delete from workflow_stats where tenant_id = ? and period = ? and starts_at in (?) and workflow_id = ?', [
        tenantId,
        period,
        startsOf(days, period).map(timeText),
        workflowId,
      ]);
    }
    await pool.query('delete from workflow_action_stats where tenant_id = ? and starts_at in (?) and workflow_id = ?', [
      tenantId,
      startsOf(days, 'day').map(timeText),
      workflowId,
    ]);
  }
  await pool.query("delete from workflow_stats where tenant_id = ? and period = 'all' and starts_at = '1970-01-01' and workflow_id = ?", [
    tenantId,
    workflowId,
  ]);
  await pool.query('delete from removed_instances where tenant_id = ? and workflow_id = ?', [tenantId, workflowId]);
}
