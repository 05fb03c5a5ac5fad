import '@mikro-orm/migrations';
import { RetryableError } from '@millrace/runtime';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { type DatabaseOptions, poolOptions } from './connection-settings.ts';
import { translateDatabaseError } from './errors.ts';
import { initOrm } from './orm.ts';

/**
 * Brings the tables up to date and returns the names of the migrations that it ran. Idempotent, and safe where several
 * processes start it at once: they take turns.
 */
export async function migrate(options: DatabaseOptions): Promise<string[]> {
  try {
    const { connectionLimit: _, ...settings } = poolOptions(options);
    const turn = await createConnection(settings);
    try {
      await takeTurn(turn);
      const orm = await initOrm({ ...options, poolSize: 2 });
      try {
        return (await orm.migrator.up()).map((migration) => migration.name);
      } finally {
        await orm.close(true);
      }
    } finally {
      await turn.end();
    }
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

const turnWithinSeconds = 120;

/** Held until the connection ends. MySQL takes names of up to 64 characters, MariaDB longer ones. */
async function takeTurn(connection: Connection): Promise<void> {
  const [rows] = await connection.query<(RowDataPacket & { isHeld: number | null })[]>(
    "select get_lock(left(concat('millrace-migrate-', database()), 64), ?) as isHeld",
    [turnWithinSeconds],
  );
  if (rows[0]?.isHeld === 1) return;
  throw new RetryableError('migration_running', `Expected the migration that runs to end within ${turnWithinSeconds} s, but it did not`);
}
