import { RetryableError } from '@millrace/runtime';

/** The receiver may have acted, but its answer never came. Tried again like other faults, unless the action may run at most once. */
export class NoAnswerError extends RetryableError {}

/** The connection was never made: nothing can have happened at the other end. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A fault of the network as what it means for the attempt, whose `cause` it is kept as. */
export function networkError(code: string, message: string, cause: unknown): RetryableError {
  const isSafe = codesOf(cause).some((found) => neverConnected.has(found));
  return isSafe ? new RetryableError(code, message, { cause }) : new NoAnswerError(code, message, { cause });
}

/** The codes of an error, of what caused it, and of every address that was tried. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const { code, originalCode, errors } = error as { code?: unknown; originalCode?: unknown; errors?: unknown };
  const own = [code, originalCode].filter((each) => typeof each === 'string');
  const tried = Array.isArray(errors) ? errors.flatMap((each) => codesOf(each, depth + 1)) : [];
  return [...own, ...tried, ...codesOf(error.cause, depth + 1)];
}
