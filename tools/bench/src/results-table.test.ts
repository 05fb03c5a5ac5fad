import { expect, test } from 'vitest';
import { atLeast, atMost, createResult } from './benchmark.ts';
import { type Measured, writeResults } from './results-table.ts';

const document = `# Benchmarks

<!-- results -->
| benchmark | what | figure | target | |
| --- | --- | --- | --- | --- |
| \`idle\` | all services idle | cpu 2 | 2026-11-01 |  |
| \`crash\` | before | kills 1 | 2026-11-01 |  |
| \`soak\` | before | minutes 1 | 2026-11-01 |  |
<!-- /results -->

What limits it.
`;

const measured = (changes: Partial<Measured> = {}): Measured => ({
  result: createResult('crash', { kills: 1_200 }, [atLeast('rate', 0.45, 0.6), atMost('faults', 0, 0)]),
  summary: 'W | killed',
  day: '2026-11-24',
  ...changes,
});

const rowsOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));

test('results take the place of what the same benchmark came to before, and say by how much they missed', () => {
  const written = writeResults(document, [measured()]);
  expect(rowsOf(written, 'crash')).toEqual([
    '| `crash` | W \\| killed | kills 1,200 | 2026-11-24 |  |',
    '| `crash` | rate | 0.45 | at least 0.6 | missed by 25 % |',
    '| `crash` | faults | 0 | at most 0 | met |',
  ]);
  expect(written.indexOf('`idle`')).toBeLessThan(written.indexOf('`crash`'));
  expect(written.indexOf('`crash`')).toBeLessThan(written.indexOf('`soak`'));
  expect(written).toContain('What limits it.');
});

test('the same results written again change nothing', () => {
  const once = writeResults(document, [measured()]);
  expect(writeResults(once, [measured()])).toBe(once);
});

test('a benchmark that the table does not know comes last', () => {
  const written = writeResults(document, [measured({ result: createResult('io', {}, []) })]);
  expect(written.indexOf('`soak`')).toBeLessThan(written.indexOf('`io`'));
});

test('what was not measured, or should be nothing, is missed without a share', () => {
  const targets = [atMost('latency', Number.NaN, 15), atMost('faults', 3, 0)];
  const rows = rowsOf(writeResults(document, [measured({ result: createResult('crash', {}, targets) })]), 'crash');
  expect(rows[1]).toContain('missed: not measured');
  expect(rows[2]).toContain('missed by 3 |');
});

test("a result's own table is written between marks of its name, once", () => {
  const e2e = measured({ result: { ...createResult('e2e', {}, []), table: '| a |' } });
  const once = writeResults(document, [e2e]);
  expect(once).toContain('<!-- e2e -->\n| a |\n<!-- /e2e -->');
  expect(writeResults(once, [e2e])).toBe(once);
});

test('a document without a place for the table is refused', () => {
  expect(() => writeResults('# Benchmarks', [measured()])).toThrow('Expected <!-- results -->');
});
