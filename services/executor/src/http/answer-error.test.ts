import { RetryableError, TerminalError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { retryAfterMs, statusError } from './answer-error.ts';

const now = Date.UTC(2026, 10, 24, 10);
const codes = { refused: 'refused', unavailable: 'unavailable' };

test.each([100, 300, 301, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 451])('%i is final', (status) => {
  const error = statusError('it', codes, { status, retryAfter: '5' }, now);
  expect(error).toBeInstanceOf(TerminalError);
  expect(error).toMatchObject({ code: 'refused', message: `Expected success from it, but it answered ${status}` });
});

test.each([408, 429, 500, 501, 502, 503, 504, 599])('%i may go better later', (status) => {
  const error = statusError('it', codes, { status, retryAfter: '5' }, now);
  expect(error).toBeInstanceOf(RetryableError);
  expect(error).toMatchObject({ code: 'unavailable', retryAfterMs: 5_000 });
});

test.each<[string | null, number | undefined]>([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['86400', 86_400_000],
  ['86401', 86_400_000],
  ['99999999999999999999999999', 86_400_000],
  ['9'.repeat(400), 86_400_000],
  ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
  ['Tue, 24 Nov 2036 10:00:00 GMT', 86_400_000],
  ['Tuesday, 24-Nov-26 10:01:00 GMT', 60_000],
  [null, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['2026', 2_026_000],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['2026-11-24T10:00:30Z', undefined],
])('Retry-After %j is %j ms, at most a day', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
