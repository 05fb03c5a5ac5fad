import type { MikroORM } from '@mikro-orm/mysql';
import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise';
import { translateDatabaseError } from './errors.ts';
import { initOrm } from './orm.ts';

export interface DatabaseOptions {
  url: string;
  ssl?: boolean;
  /** Connections of the raw pool, and of the ORM's own; 10 unless given. */
  poolSize?: number;
}

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

/** Run on every new connection. The mode is strict, so that nothing is cut silently, and leaves backslash escapes on. */
export const sessionSettings = [
  'set session transaction isolation level read committed',
  "set session time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
];

/** mysql2's settings for a URL. `-FOUND_ROWS`: an update that finds its row but changes nothing must not look like a win. */
export function poolOptions({ url, ssl, poolSize }: DatabaseOptions): PoolOptions {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: port ? Number(port) : 3306,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(ssl ? { ssl: {} } : {}),
    charset: 'utf8mb4',
    timezone: 'Z',
    flags: ['-FOUND_ROWS'],
    connectionLimit: poolSize ?? 10,
    connectTimeout: 5_000,
    supportBigNumbers: true,
    jsonStrings: true,
  };
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
