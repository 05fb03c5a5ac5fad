import { format, type PoolOptions, type SqlValue } from 'mysql2/promise';

export interface DatabaseOptions {
  url: string;
  ssl?: boolean;
  /** Connections of the raw pool, and of the ORM's own; 10 unless given. */
  poolSize?: number;
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
    queryFormat: formatQuery as (sql: string, values: unknown) => string,
  };
}

/** As mysql2 does it, which would read a statement without values through for placeholders: those of a batch are long. */
function formatQuery(sql: string, values: SqlValue, timezone: string): string {
  const hasNone = values === undefined || values === null || (Array.isArray(values) && values.length === 0);
  return hasNone ? sql : format(sql, values, false, timezone);
}
