import type { Connection } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import { type InsertOutcome, insertOutcome } from './insert-outcome.ts';
import type { LogRow } from './log-row.ts';

/**
 * Inserts entries in one plain multi-row statement; all or none. Rows come sorted by (instance, seq), so that two writers
 * can't deadlock. Not INSERT IGNORE, which truncates silently, and no upsert: who counts what was inserted must know
 * that each row is new.
 */
export async function insertLogRows(connection: Connection, rows: readonly LogRow[]): Promise<InsertOutcome> {
  if (rows.length === 0) return 'inserted';
  return insertOutcome(() =>
    connection.query(
      `INSERT INTO workflow_execution_logs (tenant_id, workflow_id, instance_id, seq, action, action_id, status, detail, created_at)
       VALUES ${rows.map(values).join(',')}`,
    ),
  );
}

function values(row: LogRow): string {
  return `(${textLiteral(row.tenantId)},${integerLiteral(row.workflowId)},${hexLiteral(row.instanceId)},${integerLiteral(row.seq)},${textLiteral(
    row.type,
  )},${integerLiteral(row.actionId)},${textLiteral(row.status)},${textLiteral(row.detail)},${timeLiteral(row.atMs)})`;
}
