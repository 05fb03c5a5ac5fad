import { type Database, migrate } from '@millrace/db';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** What the audit logger writes, children first. */
export const historyTables = [
  'workflow_execution_logs',
  'workflow_action_executions',
  'scheduled_task_executions',
  'workflow_stats',
  'workflow_action_stats',
] as const;

/** What history refers to, parents first. */
const parents = ['workflows', 'workflow_actions', 'scheduled_tasks', 'workflow_instances'] as const;
/** Columns that nothing refers to, and that may be large. */
const leftOut: Record<string, string> = { journal: "'[]'", inbox: 'NULL' };
const rowsAtOnce = 1_000;

/** Makes the database and its tables where there are none. */
export async function ensureCopy(url: string, ssl: boolean): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const connection = await createConnection({ uri: Object.assign(new URL(url), { pathname: '/' }).href, ...(ssl ? { ssl: {} } : {}) });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [name]);
    if (rows.length === 0) await connection.query('CREATE DATABASE ??', [name]);
  } finally {
    await connection.end();
  }
  await migrate({ url, ssl });
}

/** Copies what history refers to and the copy lacks. Rows come by their ids, some at a time: nothing is locked in the live tables. */
export async function copyParents(live: Database, copy: Database): Promise<void> {
  const connection = await copy.pool.getConnection();
  try {
    // A workflow may have been deleted between its actions' page and its own.
    await connection.query('SET foreign_key_checks = 0');
    for (const table of parents) {
      const [columns] = await live.pool.query<RowDataPacket[]>(`SHOW COLUMNS FROM ${table}`);
      const names = columns
        .filter(({ Extra: extra }) => !/\b(?:VIRTUAL|STORED|PERSISTENT)\b/i.test(extra))
        .map(({ Field: name }) => name as string);
      const selected = names.map((name) => leftOut[name] ?? `\`${name}\``).join(', ');
      for (let last: unknown = null; ; ) {
        const after = last === null ? '' : 'WHERE id > ?';
        const [rows] = await live.pool.query<RowDataPacket[][]>(
          { sql: `SELECT ${selected} FROM ${table} ${after} ORDER BY id LIMIT ${rowsAtOnce}`, rowsAsArray: true },
          last === null ? [] : [last],
        );
        const into = `${table} (${names.map((name) => `\`${name}\``).join(', ')})`;
        if (rows.length > 0) await connection.query(`INSERT INTO ${into} VALUES ? ON DUPLICATE KEY UPDATE id = ${table}.id`, [rows]);
        last = rows.at(-1)?.[names.indexOf('id')];
        if (rows.length < rowsAtOnce) break;
      }
    }
  } finally {
    connection.destroy();
  }
}

/** Throws an Error where a table of history holds rows and may not be emptied. */
export async function emptyHistory({ pool }: Database, mayEmpty: boolean): Promise<void> {
  for (const table of historyTables) {
    const [rows] = await pool.query<RowDataPacket[]>(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rows.length === 0) continue;
    if (!mayEmpty) throw new Error(`Expected an empty ${table} in the copy, but it has rows: --empty where they may go`);
    await pool.query(`TRUNCATE TABLE ${table}`);
  }
}
