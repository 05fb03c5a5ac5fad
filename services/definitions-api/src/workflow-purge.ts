import { type Database, databaseErrorCode, translateDatabaseError } from '@millrace/db';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { removeStats } from './statistics/remove-stats.ts';

const workflowsPerTurn = 200;

/** What hangs on a workflow, children first, and how many rows of it go in one statement: versions may be large. */
const children = [
  { table: 'workflow_triggers', rows: 200 },
  { table: 'workflow_actions', rows: 200 },
  { table: 'workflow_versions', rows: 20 },
  { table: 'outbox_messages', rows: 1 },
] as const;

interface DeletedWorkflow extends RowDataPacket {
  id: number;
  tenant_id: string;
  created_at: Date;
}

/**
 * Removes the rows and the statistics of workflows that are deleted and out of the topic, once no instance refers to them, in statements that lock little.
 * Answers how many workflows. Conditions go with their triggers.
 */
export async function purgeWorkflows({ pool }: Database): Promise<number> {
  try {
    const [workflows] = await pool.query<DeletedWorkflow[]>(
      `select w.id, w.tenant_id, w.created_at from workflows w
        where w.deleted_at is not null and w.tombstoned_at is not null
          and not exists (select 1 from workflow_instances i where i.workflow_id = w.id)
        order by w.deleted_at limit ${workflowsPerTurn}`,
    );
    for (const workflow of workflows) await purgeWorkflow(pool, workflow);
    return workflows.length;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** What history still refers to, stays for another turn. */
async function purgeWorkflow(pool: Database['pool'], { id, tenant_id: tenantId, created_at: createdAt }: DeletedWorkflow): Promise<void> {
  try {
    await removeStats(pool, { tenantId, workflowId: id, fromMs: createdAt.getTime(), toMs: Date.now() });
    for (const { table, rows } of children) await deleteAll(pool, table, id, rows);
    await pool.query('delete from workflows where id = ?', [id]);
  } catch (error) {
    if (databaseErrorCode(error) !== 'ER_ROW_IS_REFERENCED_2') throw error;
  }
}

async function deleteAll(
  pool: Database['pool'],
  table: (typeof children)[number]['table'],
  workflowId: number,
  most: number,
): Promise<void> {
  for (let deleted = most; deleted === most; ) {
    const [result] = await pool.query<ResultSetHeader>(`delete from ${table} where workflow_id = ? limit ${most}`, [workflowId]);
    deleted = result.affectedRows;
  }
}
