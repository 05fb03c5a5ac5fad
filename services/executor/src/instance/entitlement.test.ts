import type { InstanceRow } from '@millrace/db';
import { expect, test } from 'vitest';
import { type Entitlement, entitlement, type InputKind } from './entitlement.ts';

const row = (overrides: Partial<InstanceRow>): InstanceRow =>
  ({ status: 'running', rowVersion: 3, wakeAtMs: null, ...overrides }) as InstanceRow;

const parked = row({ wakeAtMs: 1 });
const cases: [string, InstanceRow | null, InputKind, number | null, Entitlement][] = [
  ['a start without a row', null, 'start', null, 'create'],
  ['a resume without a row', null, 'resume', 3, 'ignore'],
  ['a cancel without a row', null, 'cancel', 3, 'ignore'],
  ['any input of a terminal row', row({ status: 'completed' }), 'start', null, 'republish'],
  ['a resume of a terminal row', row({ status: 'failed', wakeAtMs: 1 }), 'resume', 3, 'republish'],
  ['a redelivered start of a row that nobody parked', row({}), 'start', null, 'continue'],
  ['a stale resume of a row that nobody parked', row({}), 'resume', 1, 'continue'],
  ['a stale start of a parked row', parked, 'start', null, 'republish'],
  ['the start of a row that the API inserted', row({ status: 'pending', rowVersion: 0, wakeAtMs: 1 }), 'start', null, 'continue'],
  ['the resume of a parked row', parked, 'resume', 3, 'continue'],
  ['a stale resume of a parked row', parked, 'resume', 2, 'republish'],
  ['a cancel of a parked row', parked, 'cancel', 1, 'continue'],
  ['a retry of a failed row on the version that its sender saw', row({ status: 'failed' }), 'retry', 3, 'retry'],
  ['a retry of a failed row that was written since', row({ status: 'failed' }), 'retry', 2, 'republish'],
  ['a retry of a row that has not failed', row({ status: 'completed' }), 'retry', 3, 'republish'],
  ['a retry that comes again while nobody parked what it began', row({ rowVersion: 4 }), 'retry', 3, 'continue'],
  ['a retry that comes again once what it began is parked', row({ rowVersion: 4, wakeAtMs: 1 }), 'retry', 3, 'republish'],
  ['an event for a parked row', parked, 'event', null, 'continue'],
  ['an event for an ended row', row({ status: 'cancelled' }), 'event', null, 'republish'],
  ['an event without a row', null, 'event', null, 'ignore'],
];

test.each(cases)('%s', (_name, stored, kind, rowVersion, expected) => {
  expect(entitlement(stored, { kind, rowVersion })).toBe(expected);
});
