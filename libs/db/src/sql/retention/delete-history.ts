import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import { type Chunk, type Cursor, findOldInstances, hasEndedSql, type Retention } from './old-instances.ts';

/** A table of instances' history, and the column that says how old a row is. */
const tables = {
  execution_logs: { name: 'workflow_execution_logs', age: 'created_at' },
  action_executions: { name: 'workflow_action_executions', age: 'completed_at' },
};

export type HistoryTable = keyof typeof tables;

/** Of one page. */
const mostInstances = 200;

/**
 * Deletes a tenant's old rows of a history table by primary key, at most `limit`, from the instance at the cursor on. What a live instance did
 * stays whole.
 */
export async function deleteHistory(
  pool: Pool,
  table: HistoryTable,
  retention: Retention,
  from: Cursor | null,
  limit: number,
): Promise<Chunk> {
  const { name, age } = tables[table];
  const { ended, next } = await findOldInstances(pool, retention, hasEndedSql, from, mostInstances);
  if (ended.length === 0) return { deleted: 0, next, isMore: next !== null };
  const ofInstances = `instance_id IN (${ended.map(({ id }) => hexLiteral(id)).join(',')})`;
  const deleted = await deleteSome(pool, name, `${ofInstances} AND ${isOld(age, retention)} LIMIT ${integerLiteral(limit)}`);
  // As many as it might have been: the page may hold more.
  return deleted === limit ? { deleted, next: from, isMore: true } : { deleted, next, isMore: next !== null };
}

/** Deletes old runs of a tenant's scheduled tasks, the first written first, at most `limit`; those that haven't ended stay. */
export async function deleteTaskRuns(pool: Pool, retention: Omit<Retention, 'workflowId'>, limit: number): Promise<Chunk> {
  const isMeant = `tenant_id = ${textLiteral(retention.tenantId)} AND ${isOld('completed_at', retention)}`;
  const deleted = await deleteSome(pool, 'scheduled_task_executions', `${isMeant} ORDER BY id LIMIT ${integerLiteral(limit)}`);
  return { deleted, next: null, isMore: deleted === limit };
}

function isOld(age: string, { beforeMs, statuses }: Pick<Retention, 'beforeMs' | 'statuses'>): string {
  const inStatus = statuses.length === 0 ? '' : ` AND status IN (${statuses.map(textLiteral).join(',')})`;
  return `${age} < ${timeLiteral(beforeMs)}${inStatus}`;
}

/** Reads the keys first: a delete that searches would lock what it passes over. */
async function deleteSome(pool: Pool, table: string, condition: string): Promise<number> {
  const [rows] = await pool.query<(RowDataPacket & { id: number })[]>(`SELECT id FROM ${table} WHERE ${condition}`);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  await pool.query<ResultSetHeader>(
    `DELETE t FROM ${table} AS t FORCE INDEX (PRIMARY) WHERE t.id IN (${ids.map(integerLiteral).join(',')})`,
  );
  return rows.length;
}
