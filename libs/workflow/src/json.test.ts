import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeeperThan, isJsonObject, type Json, sameJson } from './json.ts';

describe('sameness', () => {
  test.each<[Json | undefined, Json | undefined, boolean]>([
    [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
    [[1, 2], [2, 1], false],
    [[1], { 0: 1 }, false],
    [null, undefined, false],
    [null, {}, false],
    [1, '1', false],
    [{ toString: 1 }, { valueOf: 1 }, false],
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(sameJson(a, b)).toBe(expected);
    expect(sameJson(b, a)).toBe(expected);
  });

  test('holds between a value and its copy', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => sameJson(json as Json, JSON.parse(JSON.stringify(json)))));
  });
});

describe('depth', () => {
  test.each<[unknown, number, boolean]>([
    [5, 0, false],
    [[], 0, false],
    [[1], 0, true],
    [[1], 1, false],
    [{ a: { b: [] } }, 2, false],
    [{ a: { b: [1] } }, 2, true],
    [[[], [[[1]]]], 3, true],
    [[[], [[[1]]]], 4, false],
  ])('%j is deeper than %i: %s', (value, levels, expected) => {
    expect(isDeeperThan(value, levels)).toBe(expected);
  });

  test('is asked safely of any depth', () => {
    expect(isDeeperThan(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 64)).toBe(true);
  });
});

test.each<[unknown, boolean]>([
  [{}, true],
  [[], false],
  [null, false],
  ['{}', false],
])('%j is an object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});
