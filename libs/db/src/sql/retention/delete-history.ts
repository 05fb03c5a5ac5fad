import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Database } from '../../database.ts';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { OnDeleted } from './cleanup-progress.ts';
import { type Chunk, type Cursor, findOldInstances, hasEndedSql, type Retention } from './old-instances.ts';

/** A table of instances' history, and the column that says how old a row is. */
const tables = {
  execution_logs: { name: 'workflow_execution_logs', age: 'created_at' },
  action_executions: { name: 'workflow_action_executions', age: 'completed_at' },
};

export type HistoryTable = keyof typeof tables;

type Tables = Pick<Database, 'pool' | 'transaction'>;

/** Of one page. */
const mostInstances = 200;

/**
 * Deletes a tenant's old rows of a history table by primary key, at most `limit`, from the instance at the cursor on. What a live instance did
 * stays whole.
 */
export async function deleteHistory(
  database: Tables,
  table: HistoryTable,
  retention: Retention,
  from: Cursor | null,
  limit: number,
  onDeleted?: OnDeleted,
): Promise<Chunk> {
  const { name, age } = tables[table];
  const { ended, next } = await findOldInstances(database.pool, retention, hasEndedSql, from, mostInstances);
  if (ended.length === 0) return { deleted: 0, next, isMore: next !== null };
  const ofInstances = `instance_id IN (${ended.map(({ id }) => hexLiteral(id)).join(',')})`;
  const condition = `${ofInstances} AND ${isOld(age, retention)} LIMIT ${integerLiteral(limit)}`;
  const { found, deleted } = await deleteSome(database, name, condition, onDeleted);
  // As many as it might have been: the page may hold more.
  return found === limit ? { deleted, next: from, isMore: true } : { deleted, next, isMore: next !== null };
}

/** Deletes old runs of a tenant's scheduled tasks, the first written first, at most `limit`; those that haven't ended stay. */
export async function deleteTaskRuns(
  database: Tables,
  retention: Omit<Retention, 'workflowId'>,
  limit: number,
  onDeleted?: OnDeleted,
): Promise<Chunk> {
  const isMeant = `tenant_id = ${textLiteral(retention.tenantId)} AND ${isOld('completed_at', retention)}`;
  const condition = `${isMeant} ORDER BY id LIMIT ${integerLiteral(limit)}`;
  const { found, deleted } = await deleteSome(database, 'scheduled_task_executions', condition, onDeleted);
  return { deleted, next: null, isMore: found === limit };
}

function isOld(age: string, { beforeMs, statuses }: Pick<Retention, 'beforeMs' | 'statuses'>): string {
  const inStatus = statuses.length === 0 ? '' : ` AND status IN (${statuses.map(textLiteral).join(',')})`;
  return `${age} < ${timeLiteral(beforeMs)}${inStatus}`;
}

/** Reads the keys first: a delete that searches would lock what it passes over. What another has deleted meanwhile doesn't count. */
async function deleteSome(
  { pool, transaction }: Tables,
  table: string,
  condition: string,
  onDeleted: OnDeleted | undefined,
): Promise<{ found: number; deleted: number }> {
  const [rows] = await pool.query<(RowDataPacket & { id: number })[]>(`SELECT id FROM ${table} WHERE ${condition}`);
  if (rows.length === 0) return { found: 0, deleted: 0 };
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  const deleted = await transaction(async (connection) => {
    const [result] = await connection.query<ResultSetHeader>(
      `DELETE t FROM ${table} AS t FORCE INDEX (PRIMARY) WHERE t.id IN (${ids.map(integerLiteral).join(',')})`,
    );
    await onDeleted?.(connection, result.affectedRows);
    return result.affectedRows;
  });
  return { found: rows.length, deleted };
}
