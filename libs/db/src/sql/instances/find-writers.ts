import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral } from '../literal.ts';

/** Who wrote these instances last (`writer`, as hexadecimal digits), by id: says which rows of a flush lost their compare, and what became of one whose answer was lost. */
export async function findWriters(pool: Pool, ids: readonly string[]): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map();
  const [rows] = await pool.query<(RowDataPacket & { id: Buffer; writer: Buffer | null })[]>(
    `SELECT id, writer FROM workflow_instances WHERE id IN (${[...ids].sort().map(hexLiteral).join(',')})`,
  );
  return new Map(rows.map((row) => [row.id.toString('hex'), row.writer?.toString('hex') ?? null]));
}
