import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Installation } from './installation.ts';

/**
 * Makes the time of an instance that is parked in a delay, in a wait for an event, before a retry or beside a long call be over now; throws
 * where it isn't parked so. A call's deadline stands in the journal, the other times follow the row.
 */
export async function moveWakeAt({ database: { pool } }: Installation, instanceId: string): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT row_version, journal, waiting_for FROM workflow_instances WHERE id = unhex(?) AND wake_at IS NOT NULL',
    [instanceId],
  );
  const [row] = rows;
  if (row === undefined || !['delay', 'event', 'retry', 'action'].includes(row.waiting_for as string)) {
    throw new Error(`Expected instance ${instanceId} to be parked, but it isn't`);
  }
  // Clearly over, as the executor's clock may be some milliseconds behind.
  const now = new Date(Date.now() - 1_000);
  const journal = row.waiting_for === 'action' ? withDeadline(String(row.journal), now) : String(row.journal);
  const [result] = await pool.query<ResultSetHeader>(
    'UPDATE workflow_instances SET wake_at = ?, journal = ? WHERE id = unhex(?) AND row_version = ?',
    [now, journal, instanceId, row.row_version],
  );
  if (result.affectedRows !== 1) throw new Error(`Expected instance ${instanceId} to stay parked meanwhile, but it went on`);
}

function withDeadline(text: string, at: Date): string {
  const journal = JSON.parse(text) as { type: string; detail?: Record<string, unknown> }[];
  const entry = journal.findLast(({ type }) => type === 'action_started');
  if (entry !== undefined) entry.detail = { ...entry.detail, deadline: at.toISOString() };
  return JSON.stringify(journal);
}
