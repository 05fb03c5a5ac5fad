import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aboutX } from '../../test/condition-question.ts';
import type { Verdict } from './condition-context.ts';
import { checkConditions } from './condition-tree.ts';
import { compilePattern, faultOfPattern } from './pattern.ts';

const search = (pattern: string, text: string, caseSensitive = false): Verdict => compilePattern(pattern, caseSensitive)(text);

/** Texts on which engines that try one way after another need more steps than there is time. */
const as = 'a'.repeat(50_000);
const ones = '1'.repeat(50_000);
const spaces = ' '.repeat(50_000);
const words = 'word '.repeat(10_000);

const evil: [pattern: string, text: string, verdict: Verdict][] = [
  ['(a+)+$', `${as}!`, false],
  ['(a*)*$', `${as}!`, true],
  ['^(a*)*$', `${as}!`, false],
  ['^(a|a)*$', `${as}!`, false],
  ['^(a|aa)+$', `${as}!`, false],
  ['^(a|a?)+$', `${as}!`, false],
  ['^(.*)*$', `${as}\n`, false],
  ['(.*a){20}b', as, false],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', `${as}\u0000`, false],
  ['^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$', `${as}!`, false],
  ['^(\\w+\\s?)*$', `${words}!`, false],
  ['^\\s+|\\s+$', `x${spaces}x`, false],
  ['(x+x+)+y', 'x'.repeat(50_000), false],
  ['(x+x+)+y', `${'x'.repeat(50_000)}y`, true],
  ['^(\\d+)+$', `${ones}x`, false],
  ['^\\d*\\d*\\d*\\d*\\d*$', `${ones}x`, false],
  ['(.*)(.*)(.*)(.*)(.*)[^0-9]$', ones, false],
  ['([a-z]+)*=', as, false],
  ['<(.+)*>', `<${as}`, false],
  ['("[^"]*"|\'[^\']*\')*x', `${'""'.repeat(25_000)}y`, false],
  ['^(?:(?:a?){50}a{50})+b', as, false],
  ['(?:a|b|ab)*c', 'ab'.repeat(25_000), false],
  ['(.+)+\\d', as, false],
  ['^(([^,]*,){11})P', 'x,'.repeat(25_000), false],
  ['(\\w|_)+@', as, false],
  ['^(?:[\\w-]+\\.)+[a-z]{2,}$', `${'a.'.repeat(25_000)}!`, false],
  ['a*a*a*a*a*a*b', as, false],
  ['(a?){30}a{30}b', as, false],
  ['((a{0,10}){0,10}){0,5}b', 'a'.repeat(10_000), false],
  ['(?i)(z|Z)*y', 'zZ'.repeat(25_000), false],
];

const refused: [pattern: string, expected: string][] = [
  ['(', 'missing closing )'],
  [')', 'unexpected )'],
  ['[', 'missing closing ]'],
  ['[z-a]', 'invalid character class range'],
  ['*', 'missing argument to repetition'],
  ['+a', 'missing argument to repetition'],
  ['a**', 'invalid nested repetition'],
  ['a++', 'invalid nested repetition'],
  ['a{2,1}', 'invalid repeat count'],
  ['a{1001}', 'invalid repeat count'],
  ['(a{0,501}){2}', 'invalid repeat count'],
  ['((a{100}){100}){100}', 'invalid repeat count'],
  ['(a{1000}){1000}', 'invalid repeat count'],
  ['(?=a)', 'invalid or unsupported Perl syntax'],
  ['(?!a)', 'invalid or unsupported Perl syntax'],
  ['(?<=a)b', 'invalid'],
  ['(?<!a)b', 'invalid'],
  ['(?>a)', 'invalid or unsupported Perl syntax'],
  ['(a)\\1', 'invalid escape sequence'],
  ['(?P<n>a)(?P=n)', 'invalid'],
  ['(?P<n>a)(?P<n>b)', 'duplicate'],
  ['(?R)', 'invalid'],
  ['(?(1)a|b)', 'invalid'],
  ['(?#comment)', 'invalid'],
  ['(?z)a', 'invalid'],
  ['\\', 'trailing'],
  ['\\u0041', 'invalid escape sequence'],
  ['\\K', 'invalid escape sequence'],
  ['\\C', 'invalid escape sequence'],
  ['\\p{Nonsense}', 'invalid character class range'],
  ['[[:nonsense:]]', 'invalid character class range'],
  ['\\x{110000}', 'invalid escape sequence'],
  ['a'.repeat(257), 'at most 256 characters'],
  ['('.repeat(256), 'missing closing )'],
  ['(a{0,1000}){1}(b{0,1000}){1}(c{0,1000}){1}', 'at most 2500 instructions'],
  ['\\pL{1000}'.repeat(20), 'at most 2500 instructions'],
  ['(.{0,1000}){0,1}'.repeat(10), 'at most 2500 instructions'],
];

describe('the time of a search grows with the text alone', () => {
  test.each(evil.map((row, index) => [row[0], index] as const))('%s (%i)', (_pattern, index) => {
    const [pattern, text, verdict] = evil[index] as (typeof evil)[number];

    expect(faultOfPattern(pattern)).toBeNull();
    expect(search(pattern, text)).toBe(verdict);
  });

  test('a pattern with many states is not asked of a text so long that it would take seconds', () => {
    expect(search('(.{0,1000})z', 'a'.repeat(5_000))).toBe(false);
    expect(search('(.{0,1000})z', 'a'.repeat(250_000))).toBe('unknown');
    expect(search('^refund|^cancel', 'a'.repeat(250_000))).toBe(false);
  });
});

describe('what is no RE2 pattern is refused when it is saved', () => {
  test.each(refused.map((row) => [row[0].slice(0, 40), row] as const))('%s', (_name, [pattern, expected]) => {
    const { tree, faults } = checkConditions(aboutX('matches', pattern), 'trigger');

    expect(tree).toBeNull();
    expect(faults).toEqual([{ path: ['value'], code: 'invalid_operand', message: expect.stringContaining(expected) }]);
    expect(faults[0]?.message).toMatch(/^Expected /);
  });
});

test('the family of regular expressions has at least 60 distinct inputs', () => {
  expect(new Set([...evil, ...refused].map(([pattern, text]) => `${pattern}\n${text}`)).size).toBeGreaterThanOrEqual(60);
});

test('any text is either refused with a message or compiled to a search that never throws', () => {
  const piece = fc.constantFrom(
    ...'ab1()[]{}*+?|^$.\\-,:',
    '(?i)',
    '(?:',
    '\\d',
    '\\pL',
    '{2,3}',
    '[^a]',
    '\\Q',
    '\\E',
    '\u0301',
    '\ud800',
  );
  const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  fc.assert(
    fc.property(pattern, fc.string({ unit: 'binary', maxLength: 30 }), fc.boolean(), (text, searched, caseSensitive) => {
      const fault = faultOfPattern(text);
      if (fault === null) expect([true, false]).toContain(search(text, searched, caseSensitive));
      else expect(fault).toMatch(/^Expected /);
    }),
    { numRuns: 500 },
  );
});

test('patterns of the shared syntax find what JavaScript finds', () => {
  const piece = fc.constantFrom('a', 'b', 'ab', '[ab]', '[^a]', '.', '(?:a|b)', '^', '$', '\\b', '\\w', '\\d', 'x{2}', 'a*', 'b+', 'a?');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  const searched = fc.string({ unit: fc.constantFrom('a', 'b', 'x', 'A', ' ', '1'), maxLength: 12 });

  fc.assert(
    fc.property(pattern, searched, fc.boolean(), (text, within, caseSensitive) => {
      expect(search(text, within, caseSensitive)).toBe(new RegExp(text, caseSensitive ? '' : 'i').test(within));
    }),
    { numRuns: 500 },
  );
});
