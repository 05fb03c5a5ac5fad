import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Installation } from './installation.ts';

interface Entry {
  type: string;
  detail?: Record<string, unknown>;
}

/** Makes the delay that an instance is parked in end now, as if its time had passed; throws where it isn't parked in one. */
export async function moveWakeAt({ database: { pool } }: Installation, instanceId: string): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT row_version, journal FROM workflow_instances WHERE id = unhex(?) AND wake_at IS NOT NULL AND waiting_for = 'delay'`,
    [instanceId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`Expected instance ${instanceId} to be parked in a delay, but it isn't`);
  const now = new Date();
  const journal = JSON.parse(String(row.journal)) as Entry[];
  const delay = journal.findLast(({ type }) => type === 'delay_started') as Entry;
  delay.detail = { ...delay.detail, until: now.toISOString() };
  const [result] = await pool.query<ResultSetHeader>(
    'UPDATE workflow_instances SET wake_at = ?, journal = ? WHERE id = unhex(?) AND row_version = ?',
    [now, JSON.stringify(journal), instanceId, row.row_version],
  );
  if (result.affectedRows !== 1) throw new Error(`Expected instance ${instanceId} to stay parked meanwhile, but it went on`);
}
