import { expect, test } from 'vitest';
import { foldText } from './text.ts';

test('every character is folded as by NFC and lower case, alone and beside others', () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    for (const text of [character, `a${character}b`]) if (foldText(text, false) !== text.normalize('NFC').toLowerCase()) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test('where case counts, capitals stay and what is written in parts is composed', () => {
  expect(foldText('Zoe\u0308 A', true)).toBe('Zoë A');
});
