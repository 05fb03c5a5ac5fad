import { expect, test } from 'vitest';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from './literal.ts';

test('a text with quotes, backslashes and control characters is escaped', () => {
  expect(textLiteral(`O'Hara \\ "x"\n\0`)).toBe(`'O\\'Hara \\\\ "x"\\n\\0'`);
});

test('null becomes NULL in every kind', () => {
  expect([textLiteral(null), integerLiteral(null), hexLiteral(null), timeLiteral(null)]).toEqual(['NULL', 'NULL', 'NULL', 'NULL']);
});

test.each(['1; DROP TABLE x' as unknown as number, 1.5, Number.NaN, 2 ** 60])('%s is refused as an integer', (value) => {
  expect(() => integerLiteral(value)).toThrow('Expected a safe integer');
});

test('only hexadecimal digits in pairs become a binary literal', () => {
  expect(hexLiteral('00ff')).toBe("x'00ff'");
  expect(() => hexLiteral("0' OR 1=1")).toThrow('Expected hexadecimal digits');
  expect(() => hexLiteral('abc')).toThrow('Expected hexadecimal digits');
});

test.each([0, -1, 86_399_999, 86_400_000, 951_782_400_000, 1_795_510_800_123.7, 253_402_300_799_999, -86_400_001])(
  'moment %s is written as its ISO form says, whatever was written before',
  (ms) => {
    timeLiteral(1);
    const expected = `'${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}'`;
    expect([timeLiteral(ms), timeLiteral(ms)]).toEqual([expected, expected]);
  },
);

test('what is no moment is refused', () => {
  expect(() => timeLiteral(Number.NaN)).toThrow(RangeError);
});

test('a moment is written in UTC with milliseconds', () => {
  expect(timeLiteral(Date.UTC(2026, 10, 24, 9, 8, 7, 6))).toBe("'2026-11-24 09:08:07.006'");
});
