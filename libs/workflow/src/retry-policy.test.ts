import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from './fault.ts';
import { completeRetryPolicy, defaultRetryPolicy, type RetryPolicy, retryDelayMs, retryPolicySchema } from './retry-policy.ts';

const aPolicy = (overrides: Partial<RetryPolicy> = {}): RetryPolicy => ({ ...defaultRetryPolicy, jitter: 'none', ...overrides });

describe('the default policy', () => {
  test('is 8 attempts, 1 s, four times as long each time, at most an hour, with full jitter', () => {
    expect(defaultRetryPolicy).toEqual({
      max_attempts: 8,
      initial_interval_seconds: 1,
      backoff_coefficient: 4,
      max_interval_seconds: 3_600,
      jitter: 'full',
    });
  });

  test('waits 1, 4, 16, 64, 256, 1024 and 3600 seconds, then no more', () => {
    const waits = Array.from({ length: 9 }, (_, index) => retryDelayMs(aPolicy(), index + 1, 0));

    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000, 3_600_000, null, null]);
  });
});

describe('the wait', () => {
  test.each<[Partial<RetryPolicy>, number, number, number, number | null]>([
    [{ max_attempts: 1 }, 1, 0, 0, null],
    [{ max_attempts: 2 }, 1, 0, 0, 1_000],
    [{ max_attempts: 2 }, 2, 0, 0, null],
    [{ initial_interval_seconds: 0 }, 3, 0, 0, 0],
    [{ initial_interval_seconds: 0.25 }, 1, 0, 0, 250],
    [{ backoff_coefficient: 1 }, 7, 0, 0, 1_000],
    [{ max_interval_seconds: 10 }, 5, 0, 0, 10_000],
    [{ initial_interval_seconds: 60, max_interval_seconds: 10 }, 1, 0, 0, 10_000],
    [{ jitter: 'full' }, 1, 0, 0, 0],
    [{ jitter: 'full' }, 1, 0.5, 0, 500],
    [{ jitter: 'full' }, 3, 0.999_999, 0, 16_000],
    [{ jitter: 'full' }, 1, 0.5, 30_000, 30_000],
    [{}, 1, 0, 30_000, 30_000],
    [{}, 4, 0, 30_000, 64_000],
    [{ max_interval_seconds: 10 }, 1, 0, 86_400_000, 10_000],
    [{ max_attempts: 2 }, 2, 0, 30_000, null],
  ])('of %j after attempt %i at %d, asked for %i ms, is %j', (overrides, attempt, random01, retryAfterMs, expected) => {
    expect(retryDelayMs(aPolicy(overrides), attempt, random01, retryAfterMs)).toBe(expected);
  });

  test('is whole milliseconds between 0 and the longest interval, and grows with the attempt where there is no jitter', () => {
    const policies = fc.record({
      max_attempts: fc.integer({ min: 2, max: 100 }),
      initial_interval_seconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
      backoff_coefficient: fc.double({ min: 1, max: 100, noNaN: true }),
      max_interval_seconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
      jitter: fc.constantFrom<'full' | 'none'>('full', 'none'),
    });

    fc.assert(
      fc.property(policies, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(), (policy, random01, retryAfterMs) => {
        let before = 0;
        for (let attempt = 1; attempt < policy.max_attempts; attempt += 1) {
          const wait = retryDelayMs(policy, attempt, random01, retryAfterMs);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(policy.jitter === 'none' ? before : 0);
          expect(wait).toBeLessThanOrEqual(Math.round(policy.max_interval_seconds * 1_000));
          before = wait ?? 0;
        }
      }),
    );
  });
});

describe('layers', () => {
  test('a definition’s keys go over a type’s, and those over the product’s', () => {
    expect(completeRetryPolicy({ max_attempts: 2 }, { max_attempts: 3, max_interval_seconds: 60 })).toEqual({
      ...defaultRetryPolicy,
      max_attempts: 2,
      max_interval_seconds: 60,
    });
  });

  test.each([null, undefined, {}])('%j leaves the defaults', (policy) => {
    expect(completeRetryPolicy(policy)).toEqual(defaultRetryPolicy);
  });
});

describe('what may be saved', () => {
  test.each<[unknown, 'full' | 'none']>([
    [true, 'full'],
    ['full', 'full'],
    [false, 'none'],
    ['none', 'none'],
  ])('jitter %j is %s', (jitter, expected) => {
    expect(retryPolicySchema.parse({ jitter })).toEqual({ jitter: expected });
  });

  test.each<[unknown, string]>([
    [{ max_attempts: 0 }, 'max_attempts too_small'],
    [{ max_attempts: 101 }, 'max_attempts too_big'],
    [{ max_attempts: 1.5 }, 'max_attempts invalid_type'],
    [{ max_attempts: '3' }, 'max_attempts invalid_type'],
    [{ initial_interval_seconds: -1 }, 'initial_interval_seconds too_small'],
    [{ initial_interval_seconds: 86_401 }, 'initial_interval_seconds too_big'],
    [{ backoff_coefficient: 0.5 }, 'backoff_coefficient too_small'],
    [{ max_interval_seconds: 86_401 }, 'max_interval_seconds too_big'],
    [{ jitter: 'some' }, 'jitter invalid_value'],
    [{ retries: 3 }, 'retries unknown_key'],
  ])('%j is refused', (policy, expected) => {
    const checked = check(retryPolicySchema, policy);
    const errors = checked.ok ? [] : checked.errors;

    expect(errors.map(({ path, code }) => `${path} ${code}`)).toEqual([expected]);
    expect(errors[0]?.message).toMatch(/^Expected .+, but /);
  });
});
