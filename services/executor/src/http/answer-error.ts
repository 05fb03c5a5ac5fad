import { RetryableError, TerminalError } from '@millrace/runtime';

const longestWaitSeconds = 86_400;

/** The codes of errors, by whether another attempt may go better. */
export interface StatusCodes {
  refused: string;
  unavailable: string;
}

/** What a status that wasn't expected means: 408, 429 and 5xx may go better later, anything else won't. */
export function statusError(
  what: string,
  codes: StatusCodes,
  { status, retryAfter }: { status: number; retryAfter: string | null },
  nowMs: number,
): TerminalError | RetryableError {
  const message = `Expected success from ${what}, but it answered ${status}`;
  if (status !== 408 && status !== 429 && status < 500) return new TerminalError(codes.refused, message);
  return new RetryableError(codes.unavailable, message, { retryAfterMs: retryAfterMs(retryAfter, nowMs) });
}

const httpDate = /^[A-Z][a-z]{2,8}, \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

/** A Retry-After of seconds or an HTTP date as ms from now, at most a day; undefined where it is neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : httpDate.test(text) ? (Date.parse(text) - nowMs) / 1_000 : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(0, seconds), longestWaitSeconds) * 1_000;
}
