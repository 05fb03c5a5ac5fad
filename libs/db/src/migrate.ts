import '@mikro-orm/migrations';
import { createConnection } from 'mysql2/promise';
import { type DatabaseOptions, poolOptions } from './database.ts';
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
      await turn.query("select get_lock(concat('millrace-migrate-', database()), 120)");
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
