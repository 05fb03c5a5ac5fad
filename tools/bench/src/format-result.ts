import type { BenchResult, Target } from './benchmark.ts';

/** A result as text: its figures, each target with what came of it, and its table. */
export function formatResult({ name, figures, targets, table }: BenchResult): string {
  const rows = Object.entries(figures).map(([figure, value]) => `  ${figure.padEnd(44)} ${value.toLocaleString('en-US')}`);
  return [name, ...rows, ...targets.map(formatTarget), ...(table === undefined ? [] : ['', table, ''])].join('\n');
}

function formatTarget({ name, figure, atLeast, atMost, met }: Target): string {
  const bound = atLeast === undefined ? `at most ${atMost?.toLocaleString('en-US')}` : `at least ${atLeast.toLocaleString('en-US')}`;
  return `  ${met ? 'met   ' : 'MISSED'} ${name}: ${figure.toLocaleString('en-US')}, ${bound}`;
}
