import type { ExecutionLog } from '@millrace/messages';
import { expect, test } from 'vitest';
import { aLog, anEntry, instanceOf } from '../test/log-entries.ts';
import { checkLog } from './read-log-items.ts';

test('a log record is taken as it is', () => {
  expect(checkLog(aLog(), Buffer.from('acme'))).toEqual(aLog());
  expect(checkLog(aLog({ entries: [] }), Buffer.from('acme')).entries).toEqual([]);
});

test.each<[string, Partial<ExecutionLog>, string | null, string, string]>([
  ['a key of another tenant', {}, 'other', 'tenant_mismatch', 'Expected the key to be the tenant acme, but it is other'],
  ['no key', {}, null, 'tenant_mismatch', 'but it is empty'],
  ['no tenant', { tenant_id: '' }, '', 'log_invalid', 'Expected a tenant_id'],
  ['no instance', { instance_id: '' }, 'acme', 'log_invalid', 'Expected an instance_id of 32 hexadecimal digits'],
  ['an instance id in capitals', { instance_id: instanceOf(0xab).toUpperCase() }, 'acme', 'log_invalid', 'Expected an instance_id'],
  ['an instance id that is too long', { instance_id: `${instanceOf(1)}0` }, 'acme', 'log_invalid', 'Expected an instance_id'],
  ['an entry without a place', { entries: [anEntry(), anEntry({ seq: 0 })] }, 'acme', 'log_invalid', 'but got 0 instance_started'],
  ['an entry without a type', { entries: [anEntry({ seq: 2, type: '' })] }, 'acme', 'log_invalid', 'seq from 1 on'],
])('%s is refused', (_, overrides, key, code, message) => {
  expect(() => checkLog(aLog(overrides), key === null ? null : Buffer.from(key))).toThrow(
    expect.objectContaining({ name: 'TerminalError', code, message: expect.stringContaining(message) }),
  );
});
