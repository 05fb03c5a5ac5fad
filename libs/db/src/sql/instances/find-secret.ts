import type { Pool, RowDataPacket } from 'mysql2/promise';

/** A secret as it is kept: `sealed` for `openSecret`, `hosts` a JSON list. */
export interface SecretRow {
  sealed: Buffer;
  hosts: string;
}

/** Null where the tenant has none of that name. */
export async function findSecret(pool: Pool, tenantId: string, name: string): Promise<SecretRow | null> {
  const [rows] = await pool.query<(RowDataPacket & SecretRow)[]>('SELECT sealed, hosts FROM secrets WHERE tenant_id = ? AND name = ?', [
    tenantId,
    name,
  ]);
  const [row] = rows;
  return row === undefined ? null : { sealed: row.sealed, hosts: row.hosts };
}
