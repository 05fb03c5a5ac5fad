type ErrorOptions = { cause?: unknown };
type RetryableErrorOptions = { cause?: unknown; retryAfterMs?: number | undefined };

/** Never retry: the input is dead-lettered or the action has failed for good. `code` is stable, snake_case. */
export class TerminalError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TerminalError';
    this.code = code;
  }
}

/** The same call may succeed later: redeliver, or retry by policy. `retryAfterMs` is what the other side asked for, if it did. */
export class RetryableError extends Error {
  readonly code: string;
  readonly retryAfterMs?: number;

  constructor(code: string, message: string, options: RetryableErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RetryableError';
    this.code = code;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}
