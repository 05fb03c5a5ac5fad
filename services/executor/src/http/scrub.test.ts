import { expect, test } from 'vitest';
import { createScrub } from './scrub.ts';

const value = 'p@ss/w<o>r"d+ü 1';
const scrub = createScrub([value, 'token-9f2b']);

test.each([
  ['as it is', value],
  ['in capitals', 'TOKEN-9F2B'],
  ['in JSON', JSON.stringify({ a: value })],
  ['in a URL', encodeURIComponent(value)],
  ['in a URL with small digits', encodeURIComponent(value).toLowerCase()],
  ['in a form', new URLSearchParams({ a: value }).toString()],
  ['in HTML', 'p@ss/w&lt;o&gt;r&quot;d+ü 1'],
  ['in HTML by numbers', 'p@ss/w&#60;o&#62;r&#34;d+ü 1'],
  ['in base64', Buffer.from(value).toString('base64')],
  ['in base64 for URLs', Buffer.from(value).toString('base64url')],
  ['in hexadecimal digits', Buffer.from(value).toString('hex')],
  ['twice', `token-9f2b token-9f2b ${value}`],
  ['beside a part of itself', 'token-token-9f2b'],
])('a value that comes back %s is taken out', (_, text) => {
  const clean = scrub.text(`before ${text} after`);
  expect(clean).toMatch(/^before .*\[secret\].* after$/);
  for (const form of [value, 'token-9f2b', text]) expect(clean.toLowerCase()).not.toContain(form.toLowerCase());
});

test('texts, keys and numbers of a JSON value are looked into at any depth, and all else stays', () => {
  const json = { 'token-9f2b': [{ a: 'Bearer token-9f2b' }], n: 5, ok: true, none: null, text: 'token' };
  expect(scrub.json(json)).toEqual({ '[secret]': [{ a: 'Bearer [secret]' }], n: 5, ok: true, none: null, text: 'token' });
  expect(createScrub(['4242']).json({ a: 4242, b: 42 })).toEqual({ a: '[secret]', b: 42 });
});

test('a value of signs that mean something in a pattern is a text', () => {
  expect(createScrub(['.*']).text('a.*b')).toBe('a[secret]b');
  expect(createScrub(['$&']).text('a$&b')).toBe('a[secret]b');
});

test('an error keeps its class and loses the value', () => {
  const error = new RangeError('Expected token-9f2b.example, but it is away');
  expect(scrub.error(error)).toBe(error);
  expect(error.message).toBe('Expected [secret].example, but it is away');
});

test('without secrets everything stays', () => {
  const none = createScrub([]);
  expect(none.text('a')).toBe('a');
  expect(none.json({ a: 1 })).toEqual({ a: 1 });
});
