import { expect, test } from 'vitest';
import { table, terminalText } from './terminal-text.ts';

test.each([
  ['\u001b[2Jgone', '·[2Jgone'],
  ['a\nb\tc\r', 'a·b·c·'],
  ['\u009b31m\u007f', '·31m·'],
  ['\u202egpj.exe', '·gpj.exe'],
  ['Zoë 🌀', 'Zoë 🌀'],
])('%j commands no terminal', (text, clean) => {
  expect(terminalText(text)).toBe(clean);
});

test('columns are as wide as their widest cell', () => {
  expect(
    table([
      ['ID', 'REASON', 'MESSAGE'],
      ['7', 'undecodable', 'one\ntwo'],
      ['12', '–', ''],
    ]),
  ).toEqual(['ID  REASON       MESSAGE', '7   undecodable  one·two', '12  –            ']);
});
