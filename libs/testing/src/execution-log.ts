import type { RowDataPacket } from 'mysql2/promise';
import type { Installation } from './installation.ts';

/** A row of workflow_execution_logs. */
export interface ExecutionLogRow {
  seq: number;
  type: string;
  actionId: number | null;
  status: string | null;
  detail: Record<string, unknown>;
}

/** An instance's rows of the execution log, in order. */
export async function readExecutionLog({ database }: Installation, instanceId: string): Promise<ExecutionLogRow[]> {
  const [rows] = await database.pool.query<RowDataPacket[]>(
    'SELECT seq, action, action_id, status, detail FROM workflow_execution_logs WHERE instance_id = unhex(?) ORDER BY seq',
    [instanceId],
  );
  return rows.map((row) => ({
    seq: row.seq,
    type: row.action,
    actionId: row.action_id === null ? null : Number(row.action_id),
    status: row.status,
    detail: typeof row.detail === 'string' ? JSON.parse(row.detail) : (row.detail ?? {}),
  }));
}

interface JournalEntry {
  seq: number;
  type: string;
  action_id?: number;
}

async function readJournals({ database }: Installation): Promise<Map<string, JournalEntry[]>> {
  const [rows] = await database.pool.query<RowDataPacket[]>('SELECT lower(hex(id)) AS id, journal FROM workflow_instances');
  return new Map(rows.map(({ id, journal }) => [id, JSON.parse(String(journal)) as JournalEntry[]]));
}

/** The keys of actions whose success is durable: none of them may ever be executed again. */
export async function findCompletedActionKeys(installation: Installation): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const [id, journal] of await readJournals(installation)) {
    for (const entry of journal) if (entry.type === 'action_completed') keys.add(`${id}/${entry.action_id}`);
  }
  return keys;
}

/** Where the log table differs from what the instances of an installation have been through: seq 1..n, each transition once. */
export async function findLogFaults(installation: Installation): Promise<string[]> {
  const [rows] = await installation.database.pool.query<RowDataPacket[]>(
    'SELECT lower(hex(instance_id)) AS id, seq, action FROM workflow_execution_logs ORDER BY instance_id, seq',
  );
  const logged = Map.groupBy(rows, ({ id }) => id as string);
  const faults: string[] = [];
  for (const [id, journal] of await readJournals(installation)) {
    const expected = journal.map(({ type }, index) => `${index + 1} ${type}`).join(', ');
    const found = (logged.get(id) ?? []).map(({ seq, action }) => `${seq} ${action}`).join(', ');
    if (found !== expected) faults.push(`instance ${id}: expected [${expected}] in its log, but found [${found}]`);
    logged.delete(id);
  }
  for (const id of logged.keys()) faults.push(`the log has rows of ${id}, which is no instance`);
  return faults;
}
