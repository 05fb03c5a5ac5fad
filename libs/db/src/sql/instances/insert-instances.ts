import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { InstanceRow } from './instance-row.ts';

/**
 * Inserts instances that their writer believes new, in one statement, sorted by id (sorted, two flushes can't deadlock).
 * A row that exists already is left as it is and not counted: with the connection's -FOUND_ROWS the answer is the number
 * of rows inserted, and nothing else. Never INSERT IGNORE: it would truncate silently.
 */
export async function insertInstances(pool: Pool, rows: readonly InstanceRow[], writer: string): Promise<number> {
  if (rows.length === 0) return 0;
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [result] = await pool.query<ResultSetHeader>(
    `INSERT INTO workflow_instances (id, tenant_id, workflow_id, workflow_version, scheduled_task_id, scheduled_for, entity_type, entity_id,
       triggered_by, triggered_by_value, status, progress, executed_actions, failed_actions, row_version, journal, published_seq, wake_at,
       waiting_for, writer, started_at, completed_at, created_at, updated_at)
     VALUES ${sorted.map((row) => values(row, writer)).join(',')}
     ON DUPLICATE KEY UPDATE id = workflow_instances.id`,
  );
  return result.affectedRows;
}

function values(row: InstanceRow, writer: string): string {
  return `(${[
    hexLiteral(row.id),
    textLiteral(row.tenantId),
    integerLiteral(row.workflowId),
    integerLiteral(row.workflowVersion),
    integerLiteral(row.scheduledTaskId),
    timeLiteral(row.scheduledForMs),
    textLiteral(row.entityType),
    textLiteral(row.entityId),
    textLiteral(row.triggeredBy),
    textLiteral(row.triggeredByValue),
    textLiteral(row.status),
    integerLiteral(row.progress),
    integerLiteral(row.executedActions),
    integerLiteral(row.failedActions),
    integerLiteral(row.rowVersion),
    textLiteral(row.journal),
    integerLiteral(row.publishedSeq),
    timeLiteral(row.wakeAtMs),
    textLiteral(row.waitingFor),
    hexLiteral(writer),
    timeLiteral(row.startedAtMs),
    timeLiteral(row.completedAtMs),
    timeLiteral(row.createdAtMs),
    timeLiteral(row.createdAtMs),
  ].join(',')})`;
}
