import { describe, expect, test } from 'vitest';
import { parseFieldPath, readPath } from './field-path.ts';

describe('a field', () => {
  test.each([
    ['lead_score', 'data', ['lead_score']],
    ['custom.plan.name', 'data', ['custom', 'plan', 'name']],
    ['data.lead_score', 'data', ['lead_score']],
    ['previous.lead_score', 'previous', ['lead_score']],
    ['event.source', 'event', ['source']],
    ['variables.total', 'variables', ['total']],
    ['event', 'data', ['event']],
    ['previous', 'data', ['previous']],
    ['events.source', 'data', ['events', 'source']],
    ['größe', 'data', ['größe']],
    ['two words', 'data', ['two words']],
  ])('%s is read from %s', (field, root, segments) => {
    expect(parseFieldPath(field)).toEqual({ root, segments });
  });

  test.each(['', '.', 'a.', '.a', 'a..b', ' a', 'a ', 'a. b', `${'a.'.repeat(127)}ab`])('%j is no path', (field) => {
    expect(parseFieldPath(field)).toBeNull();
  });
});

describe('reading', () => {
  const value = { list: ['a', null, { name: 'c' }], empty: null, zero: 0, own: { constructor: 'mine' } };

  test.each([
    ['list.0', 'a'],
    ['list.2.name', 'c'],
    ['zero', 0],
    ['own.constructor', 'mine'],
    ['list.1', undefined],
    ['list.3', undefined],
    ['list.-1', undefined],
    ['list.00', undefined],
    ['list.1e0', undefined],
    ['list.length', undefined],
    ['list.0.0', undefined],
    ['empty', undefined],
    ['empty.name', undefined],
    ['zero.toFixed', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['list.__proto__.constructor', undefined],
  ])('%s is %j', (path, expected) => {
    expect(readPath(value, path.split('.'))).toEqual(expected);
  });
});
