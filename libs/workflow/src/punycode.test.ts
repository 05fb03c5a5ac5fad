import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePunycode } from './punycode.ts';

test.each([
  ['mnchen-3ya', 'münchen'],
  ['bcher-kva', 'bücher'],
  ['r8jz45g', '例え'],
  ['zckzah', 'テスト'],
  ['ls8h', '💩'],
  ['MNCHEN-3YA', 'MüNCHEN'],
  ['egbpdaj6bu4bxfgehfvwxn', 'ليهمابتكلموشعربي؟'],
])('%s stands for %s', (text, label) => {
  expect(decodePunycode(text)).toBe(label);
});

test.each(['a_', '99999999', 'ü', 'mnchen-3y', '-', 'a b'])('%s is refused or is no label of its own', (text) => {
  const label = decodePunycode(text);
  if (label !== null) expect(URL.parse(`http://${label}.example`)?.hostname).not.toBe(`xn--${text}.example`);
});

test('what the URL parser encodes is decoded to what it was', () => {
  const label = fc.string({ unit: fc.constantFrom(...'abcxyz019äöüßéñłжяγδ例字テ한글अ'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(label, (text) => {
      const encoded = URL.parse(`http://${text}.example`)?.hostname.split('.')[0] ?? '';
      if (!encoded.startsWith('xn--')) return;
      const again = URL.parse(`http://${decodePunycode(encoded.slice(4))}.example`)?.hostname;
      expect(again).toBe(`${encoded}.example`);
    }),
    { numRuns: 500 },
  );
});

test('any text is decoded or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.string(), (text) => void decodePunycode(text)),
    { numRuns: 2_000 },
  );
});
