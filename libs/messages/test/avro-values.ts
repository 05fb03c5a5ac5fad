import type { Type, types } from 'avsc';
import fc, { type Arbitrary } from 'fast-check';

const deepest = 3;

const primitives: Record<string, () => Arbitrary<unknown>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  int: () => fc.integer(),
  // Beyond 2^52 avsc 5.7.9 reads another number than it wrote.
  long: () => fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }),
  double: () => fc.double({ noNaN: true }),
  string: () => fc.string({ unit: 'grapheme', maxLength: 12 }),
};

/** Any value that an Avro type takes, as avsc reads it. What nests without end is cut off by empty lists and maps. */
export function anyValue(type: Type, depth = 0): Arbitrary<unknown> {
  const primitive = primitives[type.typeName];
  if (primitive !== undefined) return primitive();
  const size = { maxLength: depth < deepest ? 3 : 0, maxKeys: depth < deepest ? 3 : 0 };
  switch (type.typeName) {
    case 'record':
      return fc.record(Object.fromEntries((type as types.RecordType).fields.map((field) => [field.name, anyValue(field.type, depth)])), {
        noNullPrototype: true,
      });
    case 'array':
      return fc.array(size.maxLength === 0 ? fc.constant(null) : anyValue((type as types.ArrayType).itemsType, depth + 1), size);
    case 'map':
      return fc.dictionary(
        fc.string({ maxLength: 8 }),
        size.maxKeys === 0 ? fc.constant(null) : anyValue((type as types.MapType).valuesType, depth + 1),
        { ...size, noNullPrototype: true },
      );
    case 'union:unwrapped':
      return fc.oneof(...(type as types.UnwrappedUnionType).types.map((branch) => anyValue(branch, depth)));
    case 'union:wrapped':
      return fc.oneof(...(type as types.WrappedUnionType).types.map((branch) => wrapped(branch, depth)));
    default:
      throw new Error(`Expected a type that the schemas use, but it is ${type.typeName}`);
  }
}

function wrapped(branch: Type, depth: number): Arbitrary<unknown> {
  const value = anyValue(branch, depth);
  return branch.typeName === 'null' ? value : value.map((inner) => ({ [branch.branchName ?? '']: inner }));
}
