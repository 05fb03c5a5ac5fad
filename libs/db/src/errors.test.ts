import { RetryableError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { databaseErrorCode, isDuplicateKey, isMissingReference, translateDatabaseError } from './index.ts';

const failure = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

test.each(['ECONNREFUSED', 'PROTOCOL_CONNECTION_LOST', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_SERVER_SHUTDOWN', 'ER_DISK_FULL'])(
  '%s is worth another try, also where another error wraps it',
  (code) => {
    const expected = { name: 'RetryableError', code: 'database_unavailable' };
    expect(translateDatabaseError(failure(code))).toMatchObject(expected);
    expect(translateDatabaseError(new Error('flush failed', { cause: failure(code) }))).toMatchObject(expected);
  },
);

test.each(['ER_DUP_ENTRY', 'ER_NO_REFERENCED_ROW_2', 'ER_DATA_TOO_LONG', 'ER_PARSE_ERROR', 'ER_NO_SUCH_TABLE'])(
  '%s comes back as it is: trying again would not help',
  (code) => {
    const error = failure(code);
    expect(translateDatabaseError(error)).toBe(error);
  },
);

test('a closed pool is worth another try', () => {
  expect(translateDatabaseError(new Error('Pool is closed.'))).toBeInstanceOf(RetryableError);
});

test('an error that was translated already stays', () => {
  const error = new RetryableError('busy', 'Expected room, but there is none');
  expect(translateDatabaseError(error)).toBe(error);
});

test('the driver’s code is found below what wraps it, and there may be none', () => {
  expect(databaseErrorCode(new Error('outer', { cause: new Error('inner', { cause: failure('ER_DUP_ENTRY') }) }))).toBe('ER_DUP_ENTRY');
  expect(databaseErrorCode(new Error('plain'))).toBeUndefined();
  expect(databaseErrorCode(undefined)).toBeUndefined();
  expect([isDuplicateKey(failure('ER_DUP_ENTRY')), isMissingReference(failure('ER_DUP_ENTRY'))]).toEqual([true, false]);
});
