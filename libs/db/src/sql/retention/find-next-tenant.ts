import type { Pool, RowDataPacket } from 'mysql2/promise';
import { textLiteral } from '../literal.ts';

/** Tables of tenants' history, and the index that begins with the tenant. */
const indexes = {
  workflow_instances: 'workflow_instances_tenant_created',
  scheduled_task_executions: 'scheduled_task_executions_tenant',
};

export type HistoryOfTenants = keyof typeof indexes;

/** The tenant that has rows in a table and comes after another by name; null after the last. One look into an index, however many rows there are. */
export async function findNextTenant(pool: Pool, table: HistoryOfTenants, after: string): Promise<string | null> {
  const [rows] = await pool.query<(RowDataPacket & { tenant_id: string })[]>(
    `SELECT tenant_id FROM ${table} FORCE INDEX (${indexes[table]}) WHERE tenant_id > ${textLiteral(after)} ORDER BY tenant_id LIMIT 1`,
  );
  return rows[0]?.tenant_id ?? null;
}
