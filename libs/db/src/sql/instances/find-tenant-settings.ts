import type { Pool, RowDataPacket } from 'mysql2/promise';

/** What a tenant has set for itself that decides about its actions. JSON texts. */
export interface TenantSettingsRow {
  senders: string;
  redaction: string;
  limits: string;
  timezone: string;
}

/** Null where a tenant has set nothing. */
export async function findTenantSettings(pool: Pool, tenantId: string): Promise<TenantSettingsRow | null> {
  const [rows] = await pool.query<(RowDataPacket & TenantSettingsRow)[]>(
    'SELECT senders, redaction, limits, timezone FROM tenant_settings WHERE tenant_id = ?',
    [tenantId],
  );
  const [row] = rows;
  return row === undefined ? null : { senders: row.senders, redaction: row.redaction, limits: row.limits, timezone: row.timezone };
}
