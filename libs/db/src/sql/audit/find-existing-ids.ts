import type { Connection, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral } from '../literal.ts';

/** Which of these instances still have a row. */
export async function findExistingInstanceIds(connection: Connection, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const [packets] = await connection.query<(RowDataPacket & { id: Buffer })[]>(
    `SELECT id FROM workflow_instances WHERE id IN (${ids.map(hexLiteral).join(',')})`,
  );
  return new Set(packets.map(({ id }) => id.toString('hex')));
}

/** Which of these scheduled tasks still have a row. */
export async function findExistingTaskIds(connection: Connection, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const [packets] = await connection.query<(RowDataPacket & { id: number })[]>(
    `SELECT id FROM scheduled_tasks WHERE id IN (${ids.map(integerLiteral).join(',')})`,
  );
  return new Set(packets.map(({ id }) => id));
}
