import { atLeast, atMost, type Target } from '../benchmark.ts';
import { round } from '../statistics.ts';
import type { Summary } from './play-rounds.ts';
import type { ContenderSpec } from './registry.ts';

export interface Compared {
  name: string;
  spec: ContenderSpec;
  /** What came of it, or why it could not be measured. */
  outcome: Summary | Error;
}

/** The targets of `e2e`: a peer that could not be measured misses its own. */
export function createTargets(own: Summary, compared: readonly Compared[], faults: number): Target[] {
  const times = compared.flatMap(({ name, spec, outcome }): Target[] => {
    if (spec.timesAtLeast === undefined) return [];
    if (outcome instanceof Error)
      return [{ name: `times ${name}, which could not be measured`, figure: 0, atLeast: spec.timesAtLeast, met: false }];
    return [atLeast(`times ${name}`, round(own.perSecond / outcome.perSecond), spec.timesAtLeast)];
  });
  return [atMost('accounts that do not add up', faults, 0), ...times];
}

/** The table that docs/benchmarks.md shows. */
export function createTable(own: Summary, compared: readonly Compared[]): string {
  const rows = compared.map(({ spec, outcome }) => {
    if (outcome instanceof Error) return [spec.label, 'could not be measured', '', '', bound(spec)];
    const times = round(own.perSecond / outcome.perSecond);
    const verdict = spec.timesAtLeast === undefined || times >= spec.timesAtLeast ? '' : ': missed';
    return [spec.label, number(outcome.perSecond), number(outcome.cpuUs), String(times), `${bound(spec)}${verdict}`];
  });
  return [
    ['W by', 'a second', 'CPU µs each', 'ours by it', 'target'],
    ['---', '---', '---', '---', '---'],
    ['Millrace', number(own.perSecond), number(own.cpuUs), '', ''],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const number = (value: number) => Math.round(value).toLocaleString('en-US');
const bound = ({ timesAtLeast }: ContenderSpec) => (timesAtLeast === undefined ? '' : String(timesAtLeast));
