import type { Causation } from '@millrace/messages';
import type { Json } from '../instance/entries.ts';

/** One attempt of an action: what its effect may know. */
export interface Call<Input = Record<string, unknown>> {
  tenantId: string;
  entityType: string;
  entityId: string;
  /** The idempotency key: the same for all automatic attempts. */
  actionKey: string;
  /** The rendered config, checked against the action's rendered schema. */
  input: Input;
  /** The action's fixed `now`, ms. */
  nowMs: number;
  causation: Causation;
  traceparent: string | undefined;
  /** Aborts at the attempt's timeout, which begins when it is first read. */
  readonly signal: AbortSignal;
  /** Where the action's templates name secrets. */
  secrets?: CallSecrets;
}

export interface CallSecrets {
  names: readonly string[];
  /** The input with the secrets' values in their places: for sending alone. TerminalError `invalid_input` where it is none any more. */
  reveal(values: ReadonlyMap<string, string>): Record<string, unknown>;
}

/**
 * Does what an action says. The result is the action's output. Throws TerminalError where no repeat can help, RetryableError
 * (`retryAfterMs` where the receiver named one) where one may.
 */
export type Effect<Input = Record<string, unknown>> = (call: Call<Input>) => Promise<Json>;
