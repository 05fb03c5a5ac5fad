import type { BenchResult, Target } from './benchmark.ts';

/** A result beside what was run, and when. */
export interface Measured {
  result: BenchResult;
  summary: string;
  day: string;
}

const opening = '<!-- results -->';
const closing = '<!-- /results -->';
const head = ['| benchmark | what | figure | target | |', '| --- | --- | --- | --- | --- |'];

/**
 * A document with these results in its table between `<!-- results -->` and `<!-- /results -->`: they take the place of what the same
 * benchmarks came to before, the rows of others stay. A result's own table goes between marks of its name, at the end where there are none.
 * Throws where the document has no place for the table.
 */
export function writeResults(document: string, measured: readonly Measured[]): string {
  const [before, inside, after] = cut(document, opening, closing) ?? [];
  if (before === undefined || inside === undefined || after === undefined)
    throw new Error(`Expected ${opening} and ${closing} in the document, but they are not there`);
  const rows = inside.split('\n').filter((line) => line.startsWith('| `'));
  for (const each of measured) {
    const mark = `| \`${each.result.name}\` |`;
    const at = rows.findIndex((row) => row.startsWith(mark));
    const others = rows.filter((row) => !row.startsWith(mark));
    others.splice(at === -1 ? others.length : at, 0, ...rowsOf(each));
    rows.splice(0, rows.length, ...others);
  }
  const written = `${before}${opening}\n${[...head, ...rows].join('\n')}\n${closing}${after}`;
  return measured.reduce((text, { result }) => writeOwnTable(text, result), written);
}

function writeOwnTable(document: string, { name, table }: BenchResult): string {
  if (table === undefined) return document;
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, , after] = cut(document, start, end) ?? [`${document.trimEnd()}\n\n`, '', '\n'];
  return `${before}${start}\n${table.trim()}\n${end}${after}`;
}

/** What is before, between and after two marks; null where they aren't both there. */
function cut(text: string, start: string, end: string): [string, string, string] | null {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  return from === -1 || to === -1 ? null : [text.slice(0, from), text.slice(from + start.length, to), text.slice(to + end.length)];
}

function rowsOf({ result: { name, figures, targets }, summary, day }: Measured): string[] {
  const all = Object.entries(figures).map(([figure, value]) => `${figure} ${numeral(value)}`);
  return [[summary, all.join(', '), day, ''], ...targets.map(cellsOf)].map(
    (cells) => `| \`${name}\` | ${cells.map(escaped).join(' | ')} |`,
  );
}

function cellsOf({ name, figure, atLeast, atMost, met }: Target): string[] {
  const [bound, word] = atLeast === undefined ? [atMost as number, 'at most'] : [atLeast, 'at least'];
  return [name, numeral(figure), `${word} ${numeral(bound)}`, met ? 'met' : missedBy(figure, bound)];
}

function missedBy(figure: number, bound: number): string {
  if (!Number.isFinite(figure)) return 'missed: not measured';
  return bound === 0
    ? `missed by ${numeral(Math.abs(figure))}`
    : `missed by ${numeral(Math.round((Math.abs(figure - bound) * 100) / bound))} %`;
}

const numeral = (value: number): string => value.toLocaleString('en-US');

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
