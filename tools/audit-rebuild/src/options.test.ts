import { expect, test } from 'vitest';
import { copyUrlOf, parseOptions } from './options.ts';

const live = 'mysql://user:secret@db.example:3307/millrace';

test('the copy lies on the live server unless a URL says otherwise', () => {
  expect(copyUrlOf(live, { into: 'millrace_copy', live: false })).toBe('mysql://user:secret@db.example:3307/millrace_copy');
  expect(copyUrlOf(live, { into: 'mysql://u@other/millrace', live: false })).toBe('mysql://u@other/millrace');
});

test.each([
  ['its name', live, 'millrace'],
  ['its URL', live, 'mysql://other@db.example:3307/millrace'],
  ['another name of its host', 'mysql://u@localhost/millrace', 'mysql://u@127.0.0.1:3306/millrace'],
])('the live database is refused by %s, unless it is meant', (_, url, into) => {
  expect(() => copyUrlOf(url, { into, live: false })).toThrow('names the same');
  expect(copyUrlOf(url, { into, live: true })).toContain('/millrace');
});

test.each([
  ['nothing', [], '--into'],
  ['an empty name', ['--into', ''], '--into'],
  ['the live one without leave to empty it', ['--into', 'x', '--live'], '--empty'],
  ['an unknown option', ['--into', 'x', '--all'], '--all'],
])('%s is refused', (_, args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});

test.each(['a b', 'a;b', 'http://x/y', 'x`y'])('%j is no database', (into) => {
  expect(() => copyUrlOf(live, { into, live: false })).toThrow('name of a database');
});

test('help is asked for', () => {
  expect(parseOptions(['--help'])).toBeNull();
});
