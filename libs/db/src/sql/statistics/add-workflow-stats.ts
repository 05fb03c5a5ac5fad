import type { Connection } from 'mysql2/promise';
import { integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** What is added to one row of workflow_stats. */
export interface WorkflowStatRow {
  tenantId: string;
  period: 'all' | 'day' | 'hour';
  /** The hour's or day's first moment (UTC); 0 for `all`. */
  startsAtMs: number;
  /** 0: of the whole tenant. */
  workflowId: number;
  version: number;
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** By hand: so many of the failed went on. */
  retried: number;
}

const counts = ['started', 'completed', 'failed', 'cancelled', 'retried'] as const;

/**
 * Adds to the roll-ups in one multi-row statement; not idempotent, so it belongs into the transaction that inserts what it counts. Rows come
 * sorted by key, and the key is the table's only index: two writers wait for each other, and can't deadlock.
 */
export async function addWorkflowStats(connection: Connection, rows: readonly WorkflowStatRow[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.query(
    `INSERT INTO workflow_stats (tenant_id, period, starts_at, workflow_id, version, ${counts.join(', ')})
     VALUES ${rows.map(values).join(',')}
     ON DUPLICATE KEY UPDATE ${counts.map((count) => `${count} = ${count} + VALUES(${count})`).join(', ')}`,
  );
}

function values(row: WorkflowStatRow): string {
  const key = `${textLiteral(row.tenantId)},'${row.period}',${timeLiteral(row.startsAtMs)},${integerLiteral(row.workflowId)}`;
  return `(${key},${integerLiteral(row.version)},${counts.map((count) => integerLiteral(row[count])).join(',')})`;
}
