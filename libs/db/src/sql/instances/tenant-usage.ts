import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

export interface UsageKey {
  tenantId: string;
  resource: string;
  /** YYYY-MM-DD */
  day: string;
}

/**
 * Takes of what a tenant may use on a day as much as `wanted` says of what is used already, and answers it. The row is locked until the
 * transaction ends: two who take count each other. A day that has begun elsewhere stays begun, whatever this caller's clock says.
 */
export async function reserveUsage(
  connection: PoolConnection,
  { tenantId, resource, day }: UsageKey,
  wanted: (used: number) => number,
): Promise<number> {
  await connection.query(
    `INSERT INTO tenant_usage (tenant_id, resource, day, used) VALUES (?, ?, ?, 0)
     ON DUPLICATE KEY UPDATE used = IF(day < VALUES(day), 0, used), day = GREATEST(day, VALUES(day))`,
    [tenantId, resource, day],
  );
  const [rows] = await connection.query<(RowDataPacket & { used: number })[]>(
    'SELECT used FROM tenant_usage WHERE tenant_id = ? AND resource = ? FOR UPDATE',
    [tenantId, resource],
  );
  const { used } = rows[0] as (typeof rows)[number];
  const taken = wanted(used);
  if (taken > 0)
    await connection.query('UPDATE tenant_usage SET used = ? WHERE tenant_id = ? AND resource = ?', [used + taken, tenantId, resource]);
  return taken;
}

/** Gives back what was taken and isn't used; does nothing once another day has begun. */
export async function returnUsage(pool: Pool, { tenantId, resource, day }: UsageKey, count: number): Promise<void> {
  await pool.query<ResultSetHeader>(
    'UPDATE tenant_usage SET used = used - LEAST(used, ?) WHERE tenant_id = ? AND resource = ? AND day = ?',
    [count, tenantId, resource, day],
  );
}
