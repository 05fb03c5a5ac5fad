import { expect, test } from 'vitest';
import type { Accounts } from './balance.ts';
import { formatAccounts } from './report.ts';

const anAccount = (overrides: Partial<Accounts> = {}): Accounts => ({
  events: { records: 2_040, distinct: 2_000, matched: 1_500, unmatched: 480, in_flight: 0, dead_lettered: 20, lost: 0 },
  starts: { records: 1_800, distinct: 1_700, instance: 1_690, refused: 10, in_flight: 0, dead_lettered: 0, lost: 0 },
  refused: { re_entry: 4, workflow_disabled: 6 },
  instances: { total: 1_690, terminal: 1_590, completed: 1_580, failed: 10, parked: 100, in_flight: 0, dead_lettered: 0, stuck: 0 },
  dead_letters: { records: 22, distinct: 20, in_flight: 0, in_table: 20, waiting: 15, replayed: 5 },
  statistics: { differences: 0 },
  faults: [],
  adds_up: true,
  ...overrides,
});

test('accounts that add up say so', () => {
  expect(formatAccounts(anAccount())).toBe(`\
events        2,000 in 2,040 records: 1,500 matched, 480 unmatched, 20 dead lettered, 0 in flight, 0 lost
starts        1,700 in 1,800 records: 1,690 instance, 10 refused, 0 dead lettered, 0 in flight, 0 lost
              refused for re_entry: 4
              refused for workflow_disabled: 6
instances     1,690: 1,590 terminal, 100 parked, 0 in flight, 0 dead lettered, 0 stuck
              terminal: 1,580 completed, 10 failed, 0 cancelled
dead letters  20 in 22 records: 20 in the table, 0 on their way
              in the table: 15 waiting, 5 replayed, 0 discarded
statistics    0 differences from the log's last days

Everything adds up.`);
});

test('what does not add up is named', () => {
  const faults = [{ kind: 'lost' as const, message: 'the start of instance i-1 is nowhere' }];
  expect(formatAccounts(anAccount({ faults, adds_up: false }))).toContain(
    'The accounts do not add up: 1 lost.\n  lost: the start of instance i-1 is nowhere',
  );
});
