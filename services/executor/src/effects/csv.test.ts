import { expect, test } from 'vitest';
import { formatCsv } from './csv.ts';

test('a header and one line a row, of the first row’s keys, each ended by CRLF', () => {
  expect(
    formatCsv([
      { day: '2026-11-23', instances: 3, note: null },
      { instances: 4, day: '2026-11-24', note: '' },
    ]),
  ).toBe('day,instances,note\r\n2026-11-23,3,\r\n2026-11-24,4,\r\n');
});

test('no rows are no text', () => {
  expect(formatCsv([])).toBe('');
});

test.each<[string, string | number | null, string]>([
  ['a formula', '=1+1', "'=1+1"],
  ['a plus', '+4930123', "'+4930123"],
  ['a minus', '-2+3', "'-2+3"],
  ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
  ['a tab before a formula', '\t=1', "'\t=1"],
  ['a line break before a formula', '\n=1', '"\'\n=1"'],
  ['a formula with quotes and a comma', '=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['a negative number, which is none', -5, '-5'],
  ['an equals sign further on', 'a=b', 'a=b'],
  ['quotes', 'say "hi"', '"say ""hi"""'],
  ['a comma', 'a,b', '"a,b"'],
  ['line breaks', 'a\r\nb', '"a\r\nb"'],
  ['nothing', null, ''],
])('%s', (_, cell, expected) => {
  expect(formatCsv([{ cell }])).toBe(`cell\r\n${expected}\r\n`);
});
