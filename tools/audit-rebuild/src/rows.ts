import type { RowDataPacket } from 'mysql2/promise';

/** A connection, or a pool of them. */
export interface Reader {
  query<T extends RowDataPacket[]>(sql: string, values?: unknown[]): Promise<[T, unknown]>;
}

export type Row = Record<string, unknown>;

/** Rows of a table that belong together, by what groups them. */
export interface Group {
  /** Sorts as the column does. */
  key: string;
  rows: Row[];
}

const mostRows = 5_000;

/** A table's rows without their surrogate ids, group by group, in order. */
export async function* groupsOf(reader: Reader, table: string, column: string): AsyncGenerator<Group> {
  let after: unknown = null;
  for (let limit = mostRows; ; ) {
    const where = after === null ? '' : `WHERE ${column} > ?`;
    const [rows] = await reader.query<RowDataPacket[]>(
      `SELECT * FROM ${table} ${where} ORDER BY ${column} LIMIT ${limit}`,
      after === null ? [] : [after],
    );
    const groups = [...Map.groupBy(rows, (row) => keyOf(row[column])).entries()];
    // The last one may go on behind the limit.
    const whole = rows.length < limit ? groups : groups.slice(0, -1);
    for (const [key, members] of whole) yield { key, rows: members.map(({ id: _, ...row }) => row) };
    if (rows.length < limit) return;
    const last = whole.at(-1)?.[1].at(-1);
    if (last === undefined) limit *= 2;
    else after = last[column];
  }
}

/** Pairs groups of two tables by their keys; both in order. */
export async function* pair(
  left: AsyncGenerator<Group>,
  right: AsyncGenerator<Group>,
): AsyncGenerator<[key: string, left: Row[], right: Row[]]> {
  let [a, b] = [(await left.next()).value, (await right.next()).value] as [Group | undefined, Group | undefined];
  while (a !== undefined || b !== undefined) {
    const key = b === undefined || (a !== undefined && a.key < b.key) ? (a as Group).key : b.key;
    yield [key, a?.key === key ? a.rows : [], b?.key === key ? b.rows : []];
    if (a?.key === key) a = (await left.next()).value;
    if (b?.key === key) b = (await right.next()).value;
  }
}

/** Ids as hexadecimal digits, numbers filled up with zeros. */
export function keyOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'number' ? String(value).padStart(20, '0') : String(value);
}

/** A row as a text that is the same for the same values. */
export function textOf(row: Row): string {
  return JSON.stringify(row, (_, value: unknown) => {
    const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
    return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data as number[]).toString('hex') : value;
  });
}
