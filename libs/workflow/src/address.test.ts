import { describe, expect, test } from 'vitest';
import { parseAddress, parsePhone } from './address.ts';

describe('an address is exactly one addr-spec', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    ['  ada@example.com\t', 'ada@example.com'],
    ['Ada.Lovelace+news@Example.COM', 'Ada.Lovelace+news@example.com'],
    ["o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"],
    ['a@b.co', 'a@b.co'],
    ['1@2.example.com', '1@2.example.com'],
    ['ada@sub-domain.example.travel', 'ada@sub-domain.example.travel'],
    ['ada@münchen.de', 'ada@xn--mnchen-3ya.de'],
    ['ada@MÜNCHEN.de', 'ada@xn--mnchen-3ya.de'],
    ['ada@xn--mnchen-3ya.de', 'ada@xn--mnchen-3ya.de'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`a@${'b'.repeat(63)}.com`, `a@${'b'.repeat(63)}.com`],
  ])('%j', (text, expected) => {
    expect(parseAddress(text)).toBe(expected);
  });

  test.each([
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(125)}com`,
    `${'a'.repeat(64)}@${`${'ü'.repeat(45)}.`.repeat(4)}com`,
  ])('%j is too long', (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});

describe('a domain in punycode is what its label is written as', () => {
  test.each([
    'ada@xn--a.de',
    'ada@xn--.de',
    'ada@xn--0.de',
    'ada@xn--mnchen-3y.de',
    'ada@xn--99999999.de',
    'ada@xn--abc-.de',
    'ada@xn--bcher-kva.xn--a',
    'ada@xn--example-.com',
    'ada@xn--a-yoc.de',
    'ada@xn--1ug.de',
    'ada@XN--A.de',
  ])('%s is refused', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test.each([
    ['ada@XN--MNCHEN-3YA.de', 'ada@xn--mnchen-3ya.de'],
    ['ada@xn--ls8h.la', 'ada@xn--ls8h.la'],
    ['ada@xn--r8jz45g.xn--zckzah', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@ab--cd.de', 'ada@ab--cd.de'],
  ])('%s is taken', (text, expected) => {
    expect(parseAddress(text)).toBe(expected);
  });
});

describe('a phone number is E.164', () => {
  test.each([
    ['+4930123456', '+4930123456'],
    ['+49 30 123456', '+4930123456'],
    ['+1 (555) 123-4567', '+15551234567'],
    ['+49.30.123.456', '+4930123456'],
    ['+49\u00a030\u00a0123456', '+4930123456'],
    ['+1234567', '+1234567'],
    ['+123456789012345', '+123456789012345'],
  ])('%j', (text, expected) => {
    expect(parsePhone(text)).toBe(expected);
  });
});
