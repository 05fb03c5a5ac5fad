import type { Difference } from './compare.ts';
import type { Rebuilt } from './rebuild.ts';

const mostShown = 20;

/** Whether the rebuilt tables say what the live ones do. */
export function isEqual({ replay, comparison }: Rebuilt): boolean {
  return replay.bad === 0 && [...(comparison?.values() ?? [])].every(({ differences }) => differences.length === 0);
}

/** For people. */
export function formatRebuilt(rebuilt: Rebuilt): string {
  const { replay, instances, comparison } = rebuilt;
  const lines = [
    line('topic', `${count(replay.records)} records of ${count(instances)} instances`),
    line(
      'entries',
      `${count(replay.inserted)} written, ${count(replay.repeated)} repeated, ${count(replay.dropped)} of removed instances, ${count(replay.bad)} bad`,
    ),
  ];
  if (comparison === null) return [...lines, 'nothing was compared'].join('\n');
  for (const [table, { equal, older, moving, differences }] of comparison) {
    const others = [older > 0 ? `${count(older)} older than the topic` : '', moving > 0 ? `${count(moving)} moving` : ''].filter(
      (text) => text !== '',
    );
    lines.push(line(table, [`${count(equal)} equal`, ...others, `${count(differences.length)} different`].join(', ')));
    for (const difference of differences.slice(0, mostShown)) lines.push(`  ${formatDifference(difference)}`);
    if (differences.length > mostShown) lines.push(`  and ${count(differences.length - mostShown)} more`);
  }
  return [
    ...lines,
    isEqual(rebuilt) ? 'the rebuilt tables are equal to the live ones' : 'the rebuilt tables differ from the live ones',
  ].join('\n');
}

/** For programs. */
export function toJson(rebuilt: Rebuilt): object {
  const { replay, instances, comparison } = rebuilt;
  return { ...replay, instances, tables: comparison === null ? null : Object.fromEntries(comparison), is_equal: isEqual(rebuilt) };
}

const kinds: Record<Difference['kind'], string> = {
  only_live: 'is in the live table only',
  only_rebuilt: 'is in the rebuilt table only',
  differs: 'differs',
};

function formatDifference({ row, kind, columns = [] }: Difference): string {
  return `${row} ${kinds[kind]}${columns.length === 0 ? '' : ` in ${columns.join(', ')}`}`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function line(name: string, text: string): string {
  return `${name.padEnd(28)}${text}`;
}
