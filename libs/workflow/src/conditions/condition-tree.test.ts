import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aboutX } from '../../test/condition-question.ts';
import { type ConditionPlace, checkConditions } from './condition-tree.ts';
import { operatorNames } from './operators.ts';

const leaf = { field: 'lead_score', operator: 'greater_than', value: 50 } as const;
const nested = (levels: number): unknown => (levels === 0 ? leaf : { not: nested(levels - 1) });

/** What is wrong with conditions, as `path code`. */
function faultsOf(input: unknown, place: ConditionPlace = 'trigger'): string[] {
  const { tree, faults } = checkConditions(input, place);
  expect(tree === null).toBe(faults.length > 0 || input === null || input === undefined);
  for (const { message } of faults) expect(message).toMatch(/^Expected .+, but /);
  return faults.map(({ path, code }) => `${path.join('.')} ${code}`);
}

describe('shapes', () => {
  test('a plain list means all', () => {
    expect(checkConditions([leaf, leaf], 'trigger').tree).toEqual({ all: [leaf, leaf] });
  });

  test('a tree is kept as it is', () => {
    const tree = { any: [{ all: [leaf, { not: leaf }] }, { ...leaf, case_sensitive: true }] };

    expect(checkConditions(tree, 'trigger').tree).toEqual(tree);
  });

  test('nothing and null are no conditions', () => {
    expect(checkConditions(undefined, 'trigger')).toEqual({ tree: null, faults: [] });
    expect(checkConditions(null, 'trigger')).toEqual({ tree: null, faults: [] });
  });

  test('a null value of an operator without one is left out', () => {
    expect(checkConditions({ field: 'x', operator: 'exists', value: null }, 'trigger').tree).toEqual({ field: 'x', operator: 'exists' });
  });

  test.each([
    ['a text', 'x', [' invalid_type']],
    ['a number', 5, [' invalid_type']],
    ['a list in a list', [[leaf]], ['0 invalid_type']],
    ['null in a list', [null], ['0 invalid_type']],
    ['all without a list', { all: leaf }, ['all invalid_type']],
    ['any without a list', { any: null }, ['any invalid_type']],
    ['not of a list', { not: [leaf] }, ['not invalid_type']],
    ['two combinators', { all: [], any: [] }, [' one_combinator']],
    ['a combinator and a leaf', { not: leaf, ...leaf }, [' one_combinator']],
    ['an empty object', {}, ['field required', 'operator unknown_operator']],
    ['another combinator', { none: [leaf] }, ['none unknown_key', 'field required', 'operator unknown_operator']],
    ['a key of another language', { ...leaf, op: '>' }, ['op unknown_key']],
    ['a prototype', JSON.parse('{"__proto__": {"all": []}}'), ['__proto__ unknown_key', 'field required', 'operator unknown_operator']],
    ['an operator of the engine', { ...leaf, operator: 'changed_by_at_least' }, ['operator unknown_operator']],
    ['a property of every object', { ...leaf, operator: 'constructor' }, ['operator unknown_operator']],
    ['an operator that is a list', { ...leaf, operator: ['equals'] }, ['operator unknown_operator']],
    ['an operator in capitals', { ...leaf, operator: 'EQUALS' }, ['operator unknown_operator']],
    ['case_sensitive as a text', { ...leaf, case_sensitive: 'yes' }, ['case_sensitive invalid_type']],
    ['case_sensitive of null', { ...leaf, case_sensitive: null }, ['case_sensitive invalid_type']],
  ])('%s', (_name, input, expected) => {
    expect(faultsOf(input)).toEqual(expected);
  });

  test('every fault of a tree comes at once, each with its path', () => {
    const tree = { any: [{ ...leaf, value: '50' }, { not: { field: '', operator: 'eq' } }, { all: [5, { ...leaf, more: 1 }] }] };

    expect(faultsOf(tree)).toEqual([
      'any.0.value invalid_operand',
      'any.1.not.field invalid_field',
      'any.1.not.operator unknown_operator',
      'any.2.all.0 invalid_type',
      'any.2.all.1.more unknown_key',
    ]);
  });
});

describe('fields', () => {
  test.each([
    'lead_score',
    'custom.plan',
    'tags.0',
    'data.lead_score',
    'previous.lead_score',
    'event.occurred_at',
    'event.source',
    'event.entity_id',
  ])('%s is read in a trigger and in an instance', (field) => {
    expect(faultsOf({ ...leaf, field })).toEqual([]);
    expect(faultsOf({ ...leaf, field }, 'instance')).toEqual([]);
  });

  test.each(['actions.send_email_0.output.message_id', 'variables.total', 'instance.id'])('%s exists only in an instance', (field) => {
    expect(faultsOf({ ...leaf, field })).toEqual(['field unknown_field']);
    expect(faultsOf({ ...leaf, field }, 'instance')).toEqual([]);
  });

  test.each(['event.nonsense', 'event.data', 'event.tenant_id'])('%s is not of the envelope', (field) => {
    expect(faultsOf({ ...leaf, field })).toEqual(['field unknown_field']);
  });

  test.each(['', '.', 'a..b', '.a', 'a.', ' a', 'a. b', 'x'.repeat(256), 5, null, ['a']])('%j is no path', (field) => {
    expect(faultsOf({ ...leaf, field })).toEqual(['field invalid_field']);
  });

  test('an operator of the change asks about the data alone', () => {
    expect(faultsOf({ field: 'event.source', operator: 'changed' })).toEqual(['field unknown_field']);
    expect(faultsOf({ field: 'previous.lead_score', operator: 'increased' })).toEqual(['field unknown_field']);
    expect(faultsOf({ field: 'data.lead_score', operator: 'increased' })).toEqual([]);
  });
});

const text = ['a', ''];
const numbers = [0, -1.5];
const wrongNumbers = [undefined, null, '5', true, [5], { a: 5 }];
const dates = ['2026-01-01', '2026-01-01T10:00', '2026-01-01T10:00:00.5+02:00'];
const wrongDates = [undefined, null, '', 'today', '01.02.2026', '2026-02-30', '2026-1-1', '2026-01-01T25:00', '2026-01-01 10:00', 20260101];
const durations = ['P7D', 'PT1H30M', 'P1Y2M', 'P2W', 'PT0.5S', 'PT0S'];
const wrongDurations = [undefined, null, '', 'P', 'PT', '7D', '-P7D', 'P-7D', 'P1.5D', 'p7d', 'P101Y', 7, '7 days'];
const noValue = { fits: [undefined, null], not: ['', 0, false, [], {}] };
const aScalar = { fits: [...text, ...numbers, true, false], not: [undefined, null, ['a'], { a: 1 }] };
const aSearched = { fits: [...aScalar.fits, 'x'.repeat(1_000)], not: [...aScalar.not, 'x'.repeat(1_001)] };
const aNumber = { fits: numbers, not: wrongNumbers };
const aText = { fits: text, not: [undefined, null, 5, true, ['a'], {}] };
const aList = {
  fits: [[], ['a', 1, true], Array(1_000).fill('x')],
  not: [undefined, null, 'a', 5, { 0: 'a' }, [['a']], [null], [{}], Array(1_001).fill('x')],
};
const aDate = { fits: dates, not: wrongDates };
const aDuration = { fits: durations, not: wrongDurations };

/** The values that each operator takes and refuses when it is saved. */
const operands: Record<string, { fits: unknown[]; not: unknown[] }> = {
  equals: aScalar,
  not_equals: aScalar,
  contains: aSearched,
  not_contains: aSearched,
  changed_to: aScalar,
  changed_from: aScalar,
  greater_than: aNumber,
  greater_than_or_equal: aNumber,
  less_than: aNumber,
  less_than_or_equal: aNumber,
  crossed_above: aNumber,
  crossed_below: aNumber,
  between: {
    fits: [
      [1, 2],
      [2, 2],
      [-1.5, 0],
    ],
    not: [undefined, null, 5, [1], [1, 2, 3], [2, 1], ['1', '2'], [1, null], '1-2', { from: 1, to: 2 }],
  },
  in: aList,
  not_in: aList,
  contains_any: aList,
  contains_all: aList,
  contains_none: aList,
  starts_with: aText,
  ends_with: aText,
  matches: { fits: ['', '^a+$', '(?i)x'], not: [undefined, null, 5, ['a'], '('] },
  exists: noValue,
  not_exists: noValue,
  is_empty: noValue,
  is_not_empty: noValue,
  is_true: noValue,
  is_false: noValue,
  changed: noValue,
  increased: noValue,
  decreased: noValue,
  before: aDate,
  after: aDate,
  within_last: aDuration,
  more_than_ago: aDuration,
  within_next: aDuration,
};

describe('values', () => {
  test.each(Object.keys(operands))('%s takes the values that fit it and refuses the others by name', (operator) => {
    const { fits, not } = operands[operator] as { fits: unknown[]; not: unknown[] };
    for (const value of fits) expect(faultsOf({ ...aboutX(operator), value })).toEqual([]);
    for (const value of not) expect(faultsOf({ ...aboutX(operator), value })).toEqual(['value invalid_operand']);
  });

  test('every operator has its values', () => {
    expect(Object.keys(operands).sort()).toEqual([...operatorNames].sort());
  });
});

describe('limits', () => {
  test('trees are at most 16 deep', () => {
    expect(faultsOf(nested(15))).toEqual([]);
    expect(faultsOf(nested(16))).toEqual([`${Array(16).fill('not').join('.')} too_deep`]);
    expect(faultsOf([nested(14)])).toEqual([]);
    expect(faultsOf([nested(15)])).toEqual([`0.${Array(15).fill('not').join('.')} too_deep`]);
  });

  test('trees have at most 200 leaves', () => {
    expect(faultsOf(Array(200).fill(leaf))).toEqual([]);
    expect(faultsOf({ any: [{ all: Array(150).fill(leaf) }, ...Array(51).fill(leaf)] })).toEqual([' too_many_conditions']);
  });

  test('a body of a hundred thousand levels is refused like any other', () => {
    const deep = JSON.parse(`${'{"not":'.repeat(100_000)}5${'}'.repeat(100_000)}`);

    expect(faultsOf(deep)).toEqual([expect.stringContaining('too_deep')]);
  });
});

test('any JSON is answered, with a tree or with faults whose paths lead into it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom<ConditionPlace>('trigger', 'instance'), (input, place) => {
      for (const { path } of checkConditions(input, place).faults) {
        const parents = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key as string], input);
        expect(path.length === 0 || typeof parents === 'object').toBe(true);
      }
      faultsOf(input, place);
    }),
  );
});
