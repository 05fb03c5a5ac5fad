import type { Pool, RowDataPacket } from 'mysql2/promise';

/** How long a tenant wants to keep what has ended, as JSON text; null where it has set nothing. */
export async function findRetention(pool: Pool, tenantId: string): Promise<string | null> {
  const [rows] = await pool.query<(RowDataPacket & { retention: string | null })[]>(
    'SELECT retention FROM tenant_settings WHERE tenant_id = ?',
    [tenantId],
  );
  return rows[0]?.retention ?? null;
}
