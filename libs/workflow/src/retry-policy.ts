import { z } from 'zod';

/** How often and when a failed attempt is tried again. Every key is optional in a definition. */
export const retryPolicySchema = z.strictObject({
  /** Attempts in all, the first included; 1 to 100, default 8. */
  max_attempts: z.number().int().min(1).max(100).optional(),
  /** Wait after the first attempt, in seconds; 0 to 86,400, default 1. */
  initial_interval_seconds: z.number().min(0).max(86_400).optional(),
  /** Each wait is the one before times this; 1 to 100, default 4. */
  backoff_coefficient: z.number().min(1).max(100).optional(),
  /** No wait is longer, in seconds; 0 to 86,400, default 3,600. */
  max_interval_seconds: z.number().min(0).max(86_400).optional(),
  /** `full`: a random part of the wait (the default); `none`: the whole. True and false mean the same two. */
  jitter: z
    .union([z.enum(['full', 'none']), z.boolean()])
    .transform((jitter): 'full' | 'none' => (jitter === true || jitter === 'full' ? 'full' : 'none'))
    .optional(),
});

export type RetryPolicyRequest = z.output<typeof retryPolicySchema>;

export interface RetryPolicy {
  max_attempts: number;
  initial_interval_seconds: number;
  backoff_coefficient: number;
  max_interval_seconds: number;
  jitter: 'full' | 'none';
}

export const defaultRetryPolicy: RetryPolicy = {
  max_attempts: 8,
  initial_interval_seconds: 1,
  backoff_coefficient: 4,
  max_interval_seconds: 3_600,
  jitter: 'full',
};

/** A definition's policy over an action type's defaults over the product's. */
export function completeRetryPolicy(policy: RetryPolicyRequest | null | undefined, defaults: RetryPolicyRequest = {}): RetryPolicy {
  const complete: RetryPolicy = { ...defaultRetryPolicy };
  for (const layer of [defaults, policy ?? {}]) {
    for (const [key, value] of Object.entries(layer)) if (value !== undefined && value !== null) Object.assign(complete, { [key]: value });
  }
  return complete;
}

/**
 * Milliseconds to wait after attempt `attempt` (from 1) has failed; null when it was the last.
 * `random01` in [0, 1) is the caller's; `retryAfterMs`, what the other side asked for, is honoured up to the policy's longest interval.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random01: number, retryAfterMs = 0): number | null {
  if (attempt >= policy.max_attempts) return null;
  const maxMs = policy.max_interval_seconds * 1_000;
  const grownMs = policy.initial_interval_seconds * 1_000 * policy.backoff_coefficient ** (Math.max(attempt, 1) - 1);
  const waitMs = Math.min(maxMs, grownMs);
  const jitteredMs = policy.jitter === 'full' ? waitMs * random01 : waitMs;
  return Math.round(Math.max(jitteredMs, Math.min(retryAfterMs, maxMs)));
}
