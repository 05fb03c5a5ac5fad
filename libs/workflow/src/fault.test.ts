import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { check, type FaultPath, formatPath } from './fault.ts';

describe('a path is written as one reads it', () => {
  test.each<[FaultPath, string]>([
    [[], ''],
    [['name'], 'name'],
    [['actions', 0, 'action_config', 'title'], 'actions[0].action_config.title'],
    [[0, 'x'], '[0].x'],
    [['headers', 'X-Name'], 'headers.X-Name'],
    [['fields', 'two words'], 'fields["two words"]'],
    [['fields', ''], 'fields[""]'],
    [['fields', '0'], 'fields["0"]'],
    [['fields', 'a"b\n'], 'fields["a\\"b\\n"]'],
    [['__proto__'], '__proto__'],
  ])('%j', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('a fault says what was expected and what was there', () => {
  const id = z.union([z.string().min(1), z.number().int()]);
  const schema = z.strictObject({
    name: z.string().min(2).max(5),
    count: z.number().int().min(1).max(9).optional(),
    kind: z.enum(['a', 'b']).optional(),
    list: z.array(z.boolean()).max(2).optional(),
    id: id.optional(),
    map: z.record(z.string(), z.number()).optional(),
  });

  test.each<[unknown, string, string, string]>([
    [{}, 'name', 'required', 'Expected a text, but got nothing'],
    [{ name: null }, 'name', 'invalid_type', 'Expected a text, but got null'],
    [{ name: 5 }, 'name', 'invalid_type', 'Expected a text, but got the number 5'],
    [{ name: ['a'] }, 'name', 'invalid_type', 'Expected a text, but got a list'],
    [{ name: 'a' }, 'name', 'too_small', 'Expected at least 2 characters, but got 1'],
    [{ name: 'abcdef' }, 'name', 'too_big', 'Expected at most 5 characters, but got 6'],
    [{ name: 'abc', count: '5' }, 'count', 'invalid_type', 'Expected a number, but got the text "5"'],
    [{ name: 'abc', count: 1.5 }, 'count', 'invalid_type', 'Expected a whole number, but got the number 1.5'],
    [{ name: 'abc', count: 0 }, 'count', 'too_small', 'Expected at least 1, but got the number 0'],
    [{ name: 'abc', kind: 'c' }, 'kind', 'invalid_value', 'Expected "a" or "b", but got the text "c"'],
    [{ name: 'abc', list: 'x' }, 'list', 'invalid_type', 'Expected a list, but got the text "x"'],
    [{ name: 'abc', list: [true, 'x'] }, 'list[1]', 'invalid_type', 'Expected true or false, but got the text "x"'],
    [{ name: 'abc', list: [true, true, true] }, 'list', 'too_big', 'Expected at most 2 elements, but got 3'],
    [{ name: 'abc', map: [] }, 'map', 'invalid_type', 'Expected an object, but got a list'],
    [{ name: 'abc', id: '' }, 'id', 'too_small', 'Expected at least 1 characters, but got 0'],
    [{ name: 'abc', id: 1.5 }, 'id', 'invalid_type', 'Expected a whole number, but got the number 1.5'],
    [{ name: 'abc', id: true }, 'id', 'invalid_union', 'Expected another value, but got the boolean true'],
    [{ name: 'abc', more: 1 }, 'more', 'unknown_key', 'Expected only known keys, but found "more"'],
    ['x', '', 'invalid_type', 'Expected an object, but got the text "x"'],
    [{ name: 'abc', kind: 'x'.repeat(100) }, 'kind', 'invalid_value', `Expected "a" or "b", but got the text "${'x'.repeat(40)}…"`],
  ])('%j', (input, path, code, message) => {
    expect(check(schema, input)).toEqual({ ok: false, errors: [{ path, code, message }] });
  });

  test('of each unknown key there is one', () => {
    expect(check(schema, { name: 'abc', b: 1, a: 2 })).toMatchObject({ errors: [{ path: 'b' }, { path: 'a' }] });
  });
});
