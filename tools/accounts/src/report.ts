import { formatFaults } from '@millrace/demo';
import type { Accounts } from './balance.ts';

const mostFaults = 20;

/** The accounts for people. */
export function formatAccounts({ events, starts, refused, instances, dead_letters: letters, statistics, faults }: Accounts): string {
  const ended = ['completed', 'failed', 'cancelled'];
  const rows: [name: string, text: string][] = [
    ['events', `${distinct(events)}: ${parts(events, ['matched', 'unmatched', 'dead_lettered', 'in_flight', 'lost'])}`],
    ['starts', `${distinct(starts)}: ${parts(starts, ['instance', 'refused', 'dead_lettered', 'in_flight', 'lost'])}`],
    ...Object.entries(refused).map(([reason, count]): [string, string] => ['', `refused for ${reason}: ${number(count)}`]),
    ['instances', `${number(instances.total)}: ${parts(instances, ['terminal', 'parked', 'in_flight', 'dead_lettered', 'stuck'])}`],
    ['', `terminal: ${parts(instances, ended)}`],
    ['dead letters', `${distinct(letters)}: ${number(letters.in_table)} in the table, ${number(letters.in_flight)} on their way`],
    ['', `in the table: ${parts(letters, ['waiting', 'replayed', 'discarded'])}`],
    ['statistics', `${number(statistics.differences)} differences from the log's last days`],
  ];
  return [...rows.map(([name, text]) => `${name.padEnd(14)}${text}`), '', verdict(faults)].join('\n');
}

function verdict(faults: Accounts['faults']): string {
  return faults.length === 0 ? 'Everything adds up.' : formatFaults(faults, mostFaults);
}

function distinct(counts: Record<string, number>): string {
  return `${number(counts.distinct)} in ${number(counts.records)} records`;
}

function parts(counts: Record<string, number>, names: readonly string[]): string {
  return names.map((name) => `${number(counts[name])} ${name.replace('_', ' ')}`).join(', ');
}

function number(value = 0): string {
  return value.toLocaleString('en-US');
}
