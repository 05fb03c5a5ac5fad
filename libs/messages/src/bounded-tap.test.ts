import avsc, { type Schema } from 'avsc';
import { expect, test } from 'vitest';
import './bounded-tap.ts';

/** A zigzag varint. */
function long(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value * 2n;
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}

const fieldValue: Schema = {
  type: 'record',
  name: 'FieldValue',
  fields: [{ name: 'value', type: ['null', 'string', { type: 'array', items: 'FieldValue' }, { type: 'map', values: 'FieldValue' }] }],
};

test.each<[string, Schema]>([
  ['a list of texts', { type: 'array', items: 'string' }],
  ['a map of texts', { type: 'map', values: 'string' }],
  ['a list of nested values', { type: 'array', items: fieldValue }],
  ['a map of nested values', { type: 'map', values: fieldValue }],
])('%s that claims more items than it has bytes is refused at once', (_, schema) => {
  const type = avsc.Type.forSchema(schema);
  for (const count of [2n ** 24n, 2n ** 31n, 2n ** 50n]) expect(() => type.fromBuffer(long(count))).toThrow('truncated buffer');
});

test.each<[string, Schema]>([
  ['numbers', { type: 'array', items: 'double' }],
  ['whole numbers', { type: 'array', items: 'long' }],
  ['switches', { type: 'array', items: 'boolean' }],
])('a list of %s that nobody reads is refused as well', (_, items) => {
  const writer = avsc.Type.forSchema({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'unread', type: items },
      { name: 'id', type: 'string' },
    ],
  });
  const reader = avsc.Type.forSchema({ type: 'record', name: 'R', fields: [{ name: 'id', type: 'string' }] });
  const resolver = reader.createResolver(writer);
  expect(() => reader.fromBuffer(long(2n ** 50n), resolver)).toThrow('truncated buffer');
});

test('what is whole is read as before', () => {
  const type = avsc.Type.forSchema({ type: 'map', values: { type: 'array', items: fieldValue } });
  const value = { a: [{ value: null }, { value: { b: { value: '' }, c: { value: [] } } }], d: [] };
  const bytes = type.toBuffer(value);
  expect(type.toBuffer(type.fromBuffer(bytes))).toEqual(bytes);
  for (let length = 0; length < bytes.length; length++) expect(() => type.fromBuffer(bytes.subarray(0, length))).toThrow();
});
