import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Installation } from './installation.ts';

interface Entry {
  type: string;
  detail?: Record<string, unknown>;
}

/** What an instance waits for, the entry that says until when, and the key of that. */
const entryBy: Record<string, { types: string[]; key: string }> = {
  delay: { types: ['delay_started', 'wait_started'], key: 'until' },
  event: { types: ['wait_started'], key: 'until' },
  retry: { types: ['attempt_failed', 'run_retried'], key: 'retry_at' },
  action: { types: ['action_started'], key: 'deadline' },
};

/**
 * Makes the time of an instance that is parked in a delay, in a wait for an event, before a retry or beside a long call be over now; throws
 * where it isn't parked so.
 */
export async function moveWakeAt({ database: { pool } }: Installation, instanceId: string): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT row_version, journal, waiting_for FROM workflow_instances WHERE id = unhex(?) AND wake_at IS NOT NULL',
    [instanceId],
  );
  const [row] = rows;
  const waits = entryBy[row?.waiting_for as string];
  if (row === undefined || waits === undefined) throw new Error(`Expected instance ${instanceId} to be parked, but it isn't`);
  const now = new Date();
  const journal = JSON.parse(String(row.journal)) as Entry[];
  const entry = journal.findLast(({ type }) => waits.types.includes(type)) as Entry;
  entry.detail = { ...entry.detail, [waits.key]: now.toISOString() };
  const [result] = await pool.query<ResultSetHeader>(
    'UPDATE workflow_instances SET wake_at = ?, journal = ? WHERE id = unhex(?) AND row_version = ?',
    [now, JSON.stringify(journal), instanceId, row.row_version],
  );
  if (result.affectedRows !== 1) throw new Error(`Expected instance ${instanceId} to stay parked meanwhile, but it went on`);
}
