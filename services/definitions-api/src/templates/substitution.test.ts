import { expect, test } from 'vitest';
import { placeholdersIn, substitute } from './substitution.ts';

test.each([
  ['a lone placeholder keeps the type', { a: '%{n}' }, { n: 5 }, { a: 5 }],
  ['a false value is a value', { a: '%{flag}' }, { flag: false }, { a: false }],
  ['running text holds it as text', { a: 'at least %{n} of %{of}' }, { n: 5, of: 9.5 }, { a: 'at least 5 of 9.5' }],
  ['a missing one leaves its key out', { a: '%{n}', b: 1 }, { n: undefined }, { b: 1 }],
  ['and its element of a list', { a: ['%{n}', 'x'] }, {}, { a: ['x'] }],
  ['and nothing in running text', { a: '[%{n}]' }, {}, { a: '[]' }],
  ['deep in lists and objects', { a: [{ b: ['%{n}'] }] }, { n: null }, { a: [{ b: [null] }] }],
  ['a value is not filled again', { a: '%{x}' }, { x: '%{y}', y: 'no' }, { a: '%{y}' }],
  ['templates of the workflow stay', { a: '5%{{ data.price }} {% if x %}' }, { data: 1 }, { a: '5%{{ data.price }} {% if x %}' }],
])('%s', (_, definition, values, expected) => {
  expect(substitute(definition, values)).toEqual(expected);
});

test('placeholders are found wherever they stand', () => {
  expect([...placeholdersIn({ a: '%{x} and %{y}', b: [{ c: '%{z}' }], '%{key}': 1 })]).toEqual(['x', 'y', 'z']);
});
