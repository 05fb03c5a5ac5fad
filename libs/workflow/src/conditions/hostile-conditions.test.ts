import { describe, expect, test } from 'vitest';
import { anEvent, now } from '../../test/event-builder.ts';
import type { Json } from '../json.ts';
import { createTriggerContext } from './condition-context.ts';
import { type Conditions, checkConditions } from './condition-tree.ts';
import { evaluate } from './evaluate.ts';
import { operatorNames } from './operators.ts';

const leaf = (field: string, operator = 'exists', value?: Json) => ({ field, operator, ...(value === undefined ? {} : { value }) });
const deep = (open: string, close: string, levels = 20_000): Json => JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
const event = anEvent({
  data: JSON.parse(
    '{"name": "Ada", "score": 80, "tags": ["a"], "none": null, "__proto__": {"polluted": true}, "own": {"hasOwnProperty": 1}}',
  ),
  previous: { name: 'Eve' },
});

const inherited = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  'toLocaleString',
];
const parents = ['', 'data.', 'name.', 'score.', 'tags.', 'previous.', 'own.'];

/** Paths that lead to what a value inherits, not to what it owns. */
const unowned = [
  ...parents.flatMap((parent) => inherited.map((name) => `${parent}${name}`)).filter((path) => !owned(path)),
  'event.causation.__proto__',
  'name.length',
  'tags.length',
  'tags.at',
  'tags.map.call',
  'constructor.constructor',
  'constructor.prototype.polluted',
  'tags.0.constructor',
  'tags.-1',
  'tags.1e0',
  'tags.+0',
  'tags.00',
  'tags.4294967296',
  'none.constructor',
];

function owned(path: string): boolean {
  return ['__proto__', 'data.__proto__', 'own.hasOwnProperty'].includes(path);
}

/** Definitions that are not what they look like. */
const refused: [name: string, input: unknown][] = [
  ['the output of an action', leaf('actions.x.output')],
  ['a secret', leaf('variables.secret')],
  ['another instance', leaf('instance.id')],
  ['an unknown part of the envelope', leaf('event.__proto__')],
  ['an unknown part of the envelope, by a name that all objects have', leaf('event.constructor.name')],
  ['the tenant', leaf('event.tenant_id')],
  ['an empty field', leaf('')],
  ['a field of blanks', leaf('  ')],
  ['a path with a hole', leaf('a..b')],
  ['a field of 256 characters', leaf('a'.repeat(256))],
  ['a path of 200 steps', leaf(Array(200).fill('a').join('.'))],
  ['a field that is a list', { field: ['name'], operator: 'exists' }],
  ['a field that is an object', { field: { toString: 'name' }, operator: 'exists' }],
  ['a field that is a number', { field: 0, operator: 'exists' }],
  ['an operator of JavaScript', leaf('name', '===', 'Ada')],
  ['an operator of SQL', leaf('name', "= '' OR 1=1 --", 'Ada')],
  ['an operator of MongoDB', { field: 'name', operator: '$where', value: 'sleep(1000)' }],
  ['an operator that objects inherit', leaf('name', 'toString')],
  ['an operator of the prototype', leaf('name', '__proto__')],
  ['an operator that only the engine uses', leaf('score', 'changed_by_at_least', 5)],
  ['an operator with a blank', leaf('name', 'equals ', 'Ada')],
  ['an operator in a list', { field: 'name', operator: ['equals'], value: 'Ada' }],
  ['an operator that is null', { field: 'name', operator: null, value: 'Ada' }],
  ['an object as a value', leaf('name', 'equals', { $ne: null })],
  ['a list as a value', leaf('name', 'equals', ['Ada'])],
  ['null as a value', leaf('name', 'equals', null)],
  ['no value', leaf('name', 'equals')],
  ['a value for an operator without one', leaf('name', 'exists', true)],
  ['a number as a text', leaf('score', 'greater_than', '80')],
  ['true as a number', leaf('score', 'greater_than', true)],
  ['an empty text as a number', leaf('score', 'less_than', '')],
  ['a number that is none', { field: 'score', operator: 'greater_than', value: Number.NaN }],
  ['a number without end', { field: 'score', operator: 'less_than', value: Number.POSITIVE_INFINITY }],
  ['a big integer', { field: 'score', operator: 'equals', value: 10n }],
  ['a function', { field: 'score', operator: 'equals', value: () => true }],
  ['a date object', { field: 'name', operator: 'before', value: new Date(0) }],
  ['a range of one', leaf('score', 'between', [1])],
  ['a range of three', leaf('score', 'between', [1, 2, 3])],
  ['a reversed range', leaf('score', 'between', [2, 1])],
  ['a range of texts', leaf('score', 'between', ['1', '2'])],
  ['a range that is an object', leaf('score', 'between', { 0: 1, 1: 2, length: 2 })],
  ['a list that is a text', leaf('name', 'in', 'Ada')],
  ['a list that is an object', leaf('name', 'in', { length: 1e9 })],
  ['a list of 1,001 values', leaf('name', 'in', Array(1_001).fill('x'))],
  ['a list with a list in it', leaf('name', 'in', [['Ada']])],
  ['a list with null in it', leaf('name', 'in', [null])],
  ['a list 20,000 deep', leaf('name', 'in', deep('[', ']'))],
  ['a value 20,000 deep', leaf('name', 'equals', deep('{"a":', '}'))],
  ['a day that is none', leaf('name', 'before', '2026-02-30')],
  ['a date in words', leaf('name', 'after', 'now() + interval 1 day')],
  ['a duration of 101 years', leaf('name', 'within_last', 'P101Y')],
  ['a duration below zero', leaf('name', 'within_next', '-P1D')],
  ['a duration of endless digits', leaf('name', 'within_last', `P${'9'.repeat(300)}D`)],
  ['a duration of seconds as a number', leaf('name', 'within_last', 86_400)],
  ['case_sensitive that is truthy', { ...leaf('name', 'equals', 'Ada'), case_sensitive: 1 }],
  ['a further key', { ...leaf('name'), $where: '1' }],
  ['a constructor key', { ...leaf('name'), constructor: { prototype: {} } }],
  ['a prototype key', JSON.parse('{"field": "name", "operator": "exists", "__proto__": {"all": []}}')],
  ['two combinators', { all: [], any: [] }],
  ['a combinator beside a leaf', { ...leaf('name'), any: [] }],
  ['a combinator that is a text', { all: 'true' }],
  ['a combinator that is an object', { any: { 0: leaf('name'), length: 1 } }],
  ['not of a list', { not: [leaf('name')] }],
  ['not of null', { not: null }],
  ['true as a tree', true],
  ['a JSON text as a tree', JSON.stringify(leaf('name'))],
  ['a number as a tree', 1],
  ['a tree 17 deep', JSON.parse(`${'{"not":'.repeat(16)}${JSON.stringify(leaf('name'))}${'}'.repeat(16)}`)],
  ['lists 17 deep', JSON.parse(`${'{"all":['.repeat(16)}${JSON.stringify(leaf('name'))}${']}'.repeat(16)}`)],
  ['a tree 20,000 deep', deep('{"not":', '}')],
  ['lists 20,000 deep', deep('{"any":[', ']}')],
  ['lists in lists 20,000 deep', deep('[', ']')],
  ['201 leaves', Array(201).fill(leaf('name'))],
  ['10,000 leaves', { any: Array(100).fill({ all: Array(100).fill(leaf('name')) }) }],
];

describe('what a value inherits is not there', () => {
  test.each(unowned)('%s', (field) => {
    const context = createTriggerContext(event, now);

    expect(evaluate(leaf(field) as Conditions, context)).toBe(false);
    expect(evaluate(leaf(field, 'not_exists') as Conditions, context)).toBe(true);
    expect(evaluate(leaf(field, 'equals', 'Ada') as Conditions, context)).toBe(false);
  });
});

describe('a definition that is not one is refused', () => {
  test.each(refused)('%s', (_name, input) => {
    const { tree, faults } = checkConditions(input, 'trigger');

    expect(tree).toBeNull();
    expect(faults.length).toBeGreaterThan(0);
    for (const { message } of faults) {
      expect(message).toMatch(/^Expected /);
      expect(message.length).toBeLessThan(1_000);
    }
  });
});

describe('an event that is not what the definition expects is unknown or no match, never an error', () => {
  const values: Json[] = [
    null,
    true,
    0,
    -1e308,
    '',
    'Ada',
    'a'.repeat(250_000),
    [],
    ['a', null],
    {},
    { length: 1 },
    deep('[', ']'),
    deep('{"a":', '}'),
  ];
  const fitting: Record<string, Json> = {
    between: [1, 2],
    before: '2026-01-01',
    after: '2026-01-01',
    within_last: 'P1D',
    within_next: 'P1D',
  };

  test.each(operatorNames)('%s', (operator) => {
    for (const operand of [undefined, fitting[operator] ?? 'a', 5, ['a'], 'P1D']) {
      const { tree } = checkConditions(leaf('x', operator, operand), 'trigger');
      for (const x of tree === null ? [] : values) {
        const verdict = evaluate(tree, createTriggerContext(anEvent({ data: { x }, previous: { x: deep('[', ']') } }), now));
        expect([true, false, 'unknown']).toContain(verdict);
      }
    }
  });
});

test('this part of the family has at least 100 distinct inputs', () => {
  expect(new Set([...unowned, ...refused.map(([name]) => name)]).size).toBeGreaterThanOrEqual(100);
});

test('a field by the name __proto__ is a field like any other', () => {
  expect(evaluate(leaf('__proto__.polluted', 'is_true') as Conditions, createTriggerContext(event, now))).toBe(true);
  expect({}).not.toHaveProperty('polluted');
});
