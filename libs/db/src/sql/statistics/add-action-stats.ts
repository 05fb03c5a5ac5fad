import type { Connection } from 'mysql2/promise';
import { integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** How an action ended, was tried again, or which arm it took. */
export type ActionOutcome = 'completed' | 'failed' | 'unknown' | 'skipped' | 'cancelled' | 'retried' | 'arm';

/** What is added to one row of workflow_action_stats. */
export interface ActionStatRow {
  tenantId: string;
  /** The day's first moment (UTC). */
  startsAtMs: number;
  workflowId: number;
  version: number;
  /** 0: the instance as a whole. */
  actionId: number;
  outcome: ActionOutcome;
  /** The arm's name where the outcome is `arm`, else empty. */
  arm: string;
  /** Of `completed`: durationBucket(duration), else 0. */
  bucket: number;
  entries: number;
  /** The sum of the durations. */
  durationMs: number;
}

/** Adds to the roll-ups of actions, as addWorkflowStats does to those of instances. */
export async function addActionStats(connection: Connection, rows: readonly ActionStatRow[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.query(
    `INSERT INTO workflow_action_stats (tenant_id, starts_at, workflow_id, version, action_id, outcome, arm, bucket, entries, duration_ms)
     VALUES ${rows.map(values).join(',')}
     ON DUPLICATE KEY UPDATE entries = entries + VALUES(entries), duration_ms = duration_ms + VALUES(duration_ms)`,
  );
}

function values(row: ActionStatRow): string {
  const { startsAtMs, workflowId, version, actionId, outcome, arm, bucket, entries, durationMs } = row;
  const key = `${textLiteral(row.tenantId)},${timeLiteral(startsAtMs)},${integerLiteral(workflowId)},${integerLiteral(version)}`;
  return `(${key},${integerLiteral(actionId)},'${outcome}',${textLiteral(arm)},${integerLiteral(bucket)},${integerLiteral(entries)},${integerLiteral(durationMs)})`;
}
