import { RetryableError, TerminalError } from '@millrace/runtime';

const longestWaitSeconds = 86_400;

/** What a status that wasn't expected means: 408, 429 and 5xx may go better later, anything else won't. */
export function statusError(what: string, status: number, retryAfter: string | null, nowMs: number): TerminalError | RetryableError {
  const message = `Expected success from ${what}, but it answered ${status}`;
  if (status !== 408 && status !== 429 && status < 500) return new TerminalError(`http_${status}`, message);
  return new RetryableError(`http_${status}`, message, { retryAfterMs: retryAfterMs(retryAfter, nowMs) });
}

/** A Retry-After of seconds or a date as ms from now, at most a day; undefined where it is neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - nowMs) / 1_000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), longestWaitSeconds) * 1_000 : undefined;
}
