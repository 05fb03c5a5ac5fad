import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Database } from '../../database.ts';
import { hexLiteral, textLiteral, timeLiteral } from '../literal.ts';
import { countRemovedInstances } from '../statistics/count-removed-instances.ts';
import type { OnDeleted } from './cleanup-progress.ts';
import { type Chunk, type Cursor, findOldInstances, hasEndedSql, type Retention } from './old-instances.ts';

/** Rows of the execution log that one transaction deletes, unless a single instance has more: no lock lasts 100 ms. */
const mostEntries = 300;

/** What refers to an instance, and the index that finds it. */
const children = [
  ['workflow_execution_logs', 'workflow_execution_logs_instance_seq'],
  ['workflow_action_executions', 'workflow_action_executions_instance_action'],
  ['instance_subscriptions', 'instance_subscriptions_instance'],
  ['live_task_runs', 'live_task_runs_instance'],
  ['cleanup_progress', 'PRIMARY'],
] as const;

/** The log has its end: nothing of it is still on its way to the roll-ups. */
const isLoggedSql = `EXISTS (SELECT 1 FROM workflow_execution_logs AS l
  WHERE l.instance_id = workflow_instances.id AND l.created_at = workflow_instances.completed_at AND l.status = workflow_instances.status)`;

interface LockedRow extends RowDataPacket {
  id: Buffer;
  tenant_id: string;
  workflow_id: number | null;
  status: string;
}

/**
 * Deletes instances that have ended, and whose entries are acknowledged, with their history, children first: one transaction for some of the
 * next `limit` instances from the cursor on. They are counted as removed.
 */
export async function deleteInstances(
  { pool, transaction }: Pick<Database, 'pool' | 'transaction'>,
  retention: Retention,
  from: Cursor | null,
  limit: number,
  onDeleted?: OnDeleted,
): Promise<Chunk> {
  const { beforeMs, statuses, unloggedBeforeMs = beforeMs } = retention;
  const isOld = [
    hasEndedSql,
    ...(unloggedBeforeMs < beforeMs ? [`(completed_at < ${timeLiteral(unloggedBeforeMs)} OR ${isLoggedSql})`] : []),
    `completed_at < ${timeLiteral(beforeMs)}`,
    ...(statuses.length === 0 ? [] : [`status IN (${statuses.map(textLiteral).join(',')})`]),
  ].join(' AND ');
  const page = await findOldInstances(pool, retention, isOld, from, limit);
  if (page.ended.length === 0) return { deleted: 0, next: page.next, isMore: page.next !== null };
  const some = await firstOf(pool, page.ended);
  const deleted = await transaction(async (connection) => {
    // Locked before their children go: a retry by hand must not find its instance without a history. The indexes are named, as a scan would
    // wait for what others hold and hold what they wait for.
    const [locked] = await connection.query<LockedRow[]>(
      `SELECT id, tenant_id, workflow_id, status FROM workflow_instances FORCE INDEX (workflow_instances_id) WHERE id IN (${idsOf(some)}) AND ${isOld} FOR UPDATE`,
    );
    if (locked.length === 0) return 0;
    const ids = locked.map(({ id }) => hexLiteral(id.toString('hex'))).join(',');
    for (const [table, index] of children) {
      await connection.query(`DELETE c FROM ${table} AS c FORCE INDEX (${index}) WHERE c.instance_id IN (${ids})`);
    }
    const [result] = await connection.query<ResultSetHeader>(
      `DELETE i FROM workflow_instances AS i FORCE INDEX (workflow_instances_id) WHERE i.id IN (${ids})`,
    );
    await countRemovedInstances(
      connection,
      locked.map((row) => ({ tenantId: row.tenant_id, workflowId: row.workflow_id, status: row.status })),
    );
    await onDeleted?.(connection, result.affectedRows);
    return result.affectedRows;
  });
  if (some.length < page.ended.length) return { deleted, next: some.at(-1) ?? null, isMore: true };
  return { deleted, next: page.next, isMore: page.next !== null };
}

/** As many of them as have few enough entries together, but one at least. */
async function firstOf(pool: Database['pool'], instances: readonly Cursor[]): Promise<Cursor[]> {
  const [rows] = await pool.query<(RowDataPacket & { id: Buffer; entries: number })[]>(
    `SELECT instance_id AS id, COUNT(*) AS entries FROM workflow_execution_logs WHERE instance_id IN (${idsOf(instances)}) GROUP BY instance_id`,
  );
  const entriesById = new Map(rows.map(({ id, entries }) => [id.toString('hex'), entries]));
  let sum = 0;
  const tooMany = instances.findIndex(({ id }) => {
    sum += entriesById.get(id) ?? 0;
    return sum > mostEntries;
  });
  return tooMany === -1 ? [...instances] : instances.slice(0, Math.max(1, tooMany));
}

function idsOf(instances: readonly Cursor[]): string {
  return instances
    .map(({ id }) => hexLiteral(id))
    .sort()
    .join(',');
}
