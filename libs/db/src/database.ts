import type { MikroORM } from '@mikro-orm/mysql';
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { type DatabaseOptions, poolOptions, sessionSettings } from './connection-settings.ts';
import { translateDatabaseError } from './errors.ts';
import { initOrm } from './orm.ts';

export interface Database extends AsyncDisposable {
  /** Raw statements: affected rows count what was changed, READ COMMITTED, dates are `Date`s in UTC, bigints numbers, JSON columns texts. */
  readonly pool: Pool;
  /** The ORM, connected at the first call. Fork its entity manager per request. */
  orm(): Promise<MikroORM>;
  /** Commits what `work` did, or rolls it back where it throws. Outages are RetryableErrors. */
  transaction<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T>;
  /** Resolves when the database answers; RetryableError `database_unavailable` when it doesn't. */
  ping(): Promise<void>;
}

/** Opens pools; connections are made when first needed, so this succeeds while the database is away. */
export function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = createPool(poolOptions(options));
  // Queued on the new connection before the statement that asked for it.
  pool.pool.on('connection', (connection) => {
    for (const statement of sessionSettings) {
      connection.query(statement, (error) => {
        if (error) connection.destroy();
      });
    }
  });
  let orm: Promise<MikroORM> | undefined;
  return Promise.resolve({
    pool,
    orm: () => {
      orm ??= initOrm(options).catch((error: unknown) => {
        orm = undefined;
        throw translateDatabaseError(error);
      });
      return orm;
    },
    transaction: (work) => runTransaction(pool, work),
    ping: async () => {
      try {
        await pool.query('select 1');
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([pool.end(), orm?.then((opened) => opened.close(true))]);
    },
  } satisfies Database);
}

async function runTransaction<T>(pool: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  let connection: PoolConnection;
  try {
    connection = await pool.getConnection();
  } catch (error) {
    throw translateDatabaseError(error);
  }
  try {
    await connection.beginTransaction();
    const result = await work(connection);
    await connection.commit();
    connection.release();
    return result;
  } catch (error) {
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
    throw translateDatabaseError(error);
  }
}
