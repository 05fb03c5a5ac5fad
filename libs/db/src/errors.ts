import { RetryableError } from '@millrace/runtime';

const retryableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'PROTOCOL_ENQUEUE_AFTER_QUIT',
  'POOL_CLOSED',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_CLIENT_INTERACTION_TIMEOUT',
]);

interface DriverError {
  code?: unknown;
  cause?: unknown;
  fatal?: unknown;
  errno?: unknown;
}

/** The driver's own error code (ER_DUP_ENTRY, ECONNREFUSED, …) of an error or of what caused it; undefined where there is none. */
export function databaseErrorCode(error: unknown): string | undefined {
  for (let at = error as DriverError | undefined, depth = 0; at && depth < 5; at = at.cause as DriverError | undefined, depth++) {
    if (typeof at.code === 'string') return at.code;
  }
  return undefined;
}

/**
 * An outage, a deadlock, a lock timeout or a read-only server become RetryableError `database_unavailable`; any other error
 * comes back as it is.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof RetryableError) return error;
  const code = databaseErrorCode(error);
  const closed = error instanceof Error && /Pool is closed|closed state|Connection lost/i.test(error.message);
  if ((code && retryableCodes.has(code)) || closed) {
    return new RetryableError('database_unavailable', `Expected an answer from the database, but got ${code ?? 'a closed connection'}`, {
      cause: error,
    });
  }
  return error;
}

/** Whether a unique key refused a row. */
export function isDuplicateKey(error: unknown): boolean {
  return databaseErrorCode(error) === 'ER_DUP_ENTRY';
}

/** Whether a foreign key refused a row, because what it refers to is gone. */
export function isMissingReference(error: unknown): boolean {
  return databaseErrorCode(error) === 'ER_NO_REFERENCED_ROW_2';
}
