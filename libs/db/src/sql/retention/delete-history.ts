import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { Retention } from './delete-instances.ts';

/** A table of history and the column that says how old a row is. */
const tables = {
  execution_logs: { name: 'workflow_execution_logs', age: 'created_at', workflow: 'workflow_id' },
  action_executions: { name: 'workflow_action_executions', age: 'completed_at', workflow: 'workflow_id' },
  scheduled_executions: { name: 'scheduled_task_executions', age: 'completed_at', workflow: null },
};

export type HistoryTable = keyof typeof tables;

/**
 * Deletes a tenant's old rows of a history table within one window of primary keys, from the cursor on. Rows that aren't the tenant's are
 * passed over. Answers how many went and where to go on; null at the end.
 */
export async function deleteHistory(
  pool: Pool,
  table: HistoryTable,
  { tenantId, beforeMs, statuses, workflowId }: Retention,
  from: number,
  limit: number,
): Promise<{ deleted: number; next: number | null }> {
  const { name, age, workflow } = tables[table];
  const [[window]] = await pool.query<(RowDataPacket & { last: number | null; seen: number })[]>(
    `SELECT MAX(id) AS last, COUNT(*) AS seen FROM (SELECT id FROM ${name} WHERE id > ${integerLiteral(from)} ORDER BY id LIMIT ${integerLiteral(limit)}) AS w`,
  );
  if (window === undefined || window.last === null) return { deleted: 0, next: null };
  const [result] = await pool.query<ResultSetHeader>(
    `DELETE FROM ${name}
      WHERE id > ${integerLiteral(from)} AND id <= ${integerLiteral(window.last)} AND tenant_id = ${textLiteral(tenantId)}
        AND ${age} < ${timeLiteral(beforeMs)}
        ${statuses.length === 0 ? '' : `AND status IN (${statuses.map(textLiteral).join(',')})`}
        ${workflowId === null || workflow === null ? '' : `AND ${workflow} = ${integerLiteral(workflowId)}`}`,
  );
  return { deleted: result.affectedRows, next: window.seen < limit ? null : window.last };
}
