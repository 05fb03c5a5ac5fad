import { describe, expect, test } from 'vitest';
import { aboutX, ask } from '../../test/condition-question.ts';
import { now } from '../../test/event-builder.ts';
import type { Json } from '../json.ts';
import type { Verdict } from './condition-context.ts';
import { checkConditions } from './condition-tree.ts';
import { type OperatorName, operatorNames } from './operators.ts';

const isUnknown = 'unknown' as const;
const none = undefined;
const atNow = (shiftMs: number): string => new Date(now + shiftMs).toISOString();
const dayMs = 86_400_000;

type Row = [value: Json | undefined, seen: Json, verdict: Verdict];

const ofTheValue: Partial<Record<OperatorName, Row[]>> = {
  equals: [
    ['new', 'new', true],
    ['new', 'NEW', true],
    ['new', 'old', false],
    ['', '', true],
    [5, 5, true],
    [5, 5.5, false],
    [0, -0, true],
    [true, true, true],
    [true, false, false],
    ['5', 5, isUnknown],
    [5, '5', isUnknown],
    [true, 'true', isUnknown],
    [1, true, isUnknown],
    ['a', ['a'], isUnknown],
    ['a', { a: 1 }, isUnknown],
  ],
  not_equals: [
    ['new', 'old', true],
    ['new', 'New', false],
    [5, 6, true],
    [5, 5, false],
    [false, true, true],
    ['5', 5, isUnknown],
    ['a', ['b'], isUnknown],
  ],
  greater_than: [
    [9, 10, true],
    [9, 9, false],
    [9, 8.99, false],
    [-1, 0, true],
    [9, '10', isUnknown],
    [9, true, isUnknown],
    [9, [10], isUnknown],
  ],
  greater_than_or_equal: [
    [9, 9, true],
    [9, 10, true],
    [9, 8, false],
    [9, '9', isUnknown],
  ],
  less_than: [
    [9, 8, true],
    [9, 9, false],
    [9, 10, false],
    [9, '8', isUnknown],
    [9, {}, isUnknown],
  ],
  less_than_or_equal: [
    [9, 9, true],
    [9, 8, true],
    [9, 9.1, false],
    [9, '9', isUnknown],
  ],
  between: [
    [[10, 20], 10, true],
    [[10, 20], 20, true],
    [[10, 20], 15.5, true],
    [[10, 20], 9.99, false],
    [[10, 20], 20.01, false],
    [[5, 5], 5, true],
    [[10, 20], '15', isUnknown],
    [[10, 20], [15], isUnknown],
  ],
  in: [
    [['web', 'fair'], 'fair', true],
    [['web', 'fair'], 'FAIR', true],
    [['web', 'fair'], 'phone', false],
    [[1, 2], 2, true],
    [[1, 'two'], 'two', true],
    [[1, 'two'], 'three', false],
    [[], 'web', false],
    [[true], false, false],
    [[1, 2], '2', isUnknown],
    [['1'], 1, isUnknown],
    [['web'], ['web'], isUnknown],
  ],
  not_in: [
    [['web', 'fair'], 'phone', true],
    [['web', 'fair'], 'Web', false],
    [[], 'web', true],
    [[1], '1', isUnknown],
    [['web'], { web: 1 }, isUnknown],
  ],
  contains: [
    ['cat', 'concatenate', true],
    ['CAT', 'concatenate', true],
    ['dog', 'concatenate', false],
    ['', 'anything', true],
    ['vip', ['hot', 'VIP'], true],
    ['vi', ['vip'], false],
    [5, [4, 5], true],
    [5, ['5'], false],
    [true, [false], false],
    ['a', [], false],
    [5, '15', isUnknown],
    ['5', 15, isUnknown],
    ['a', { a: 1 }, isUnknown],
    ['a', true, isUnknown],
  ],
  not_contains: [
    ['dog', 'concatenate', true],
    ['cat', 'Concatenate', false],
    ['vip', ['hot'], true],
    ['vip', ['vip'], false],
    ['5', 15, isUnknown],
    ['a', { b: 1 }, isUnknown],
  ],
  starts_with: [
    ['+49', '+49 30', true],
    ['dr', 'Dr. No', true],
    ['no', 'Dr. No', false],
    ['', 'x', true],
    ['4', 49, isUnknown],
    ['a', ['a'], isUnknown],
  ],
  ends_with: [
    ['.com', 'ada@example.COM', true],
    ['.org', 'ada@example.com', false],
    ['9', 49, isUnknown],
    ['a', ['a'], isUnknown],
  ],
  matches: [
    ['^\\+49', '+49 30', true],
    ['b+', 'aBBa', true],
    ['^b', 'ab', false],
    ['', '', true],
    ['5', 5, isUnknown],
    ['a', ['a'], isUnknown],
  ],
  exists: [
    [none, 'x', true],
    [none, '', true],
    [none, 0, true],
    [none, false, true],
    [none, [], true],
  ],
  not_exists: [
    [none, 'x', false],
    [none, '', false],
    [none, false, false],
  ],
  is_empty: [
    [none, '', true],
    [none, [], true],
    [none, {}, true],
    [none, ' ', false],
    [none, [null], false],
    [none, 0, false],
    [none, false, false],
  ],
  is_not_empty: [
    [none, 'x', true],
    [none, ['x'], true],
    [none, { x: 1 }, true],
    [none, 0, true],
    [none, '', false],
    [none, [], false],
    [none, {}, false],
  ],
  is_true: [
    [none, true, true],
    [none, false, false],
    [none, 1, isUnknown],
    [none, 'true', isUnknown],
  ],
  is_false: [
    [none, false, true],
    [none, true, false],
    [none, 0, isUnknown],
    [none, '', isUnknown],
  ],
  contains_any: [
    [['vip', 'new'], ['hot', 'VIP'], true],
    [['vip'], ['hot'], false],
    [['vip'], [], false],
    [[], ['vip'], false],
    [[1], ['1'], false],
    [['vip'], 'vip', isUnknown],
    [['vip'], { vip: true }, isUnknown],
  ],
  contains_all: [
    [['vip', 'hot'], ['Hot', 'Vip', 'x'], true],
    [['vip', 'hot'], ['hot'], false],
    [[], [], true],
    [['vip'], 'vip', isUnknown],
  ],
  contains_none: [
    [['vip', 'hot'], ['cold'], true],
    [['vip', 'hot'], ['HOT'], false],
    [[], ['x'], true],
    [['vip'], [], true],
    [['vip'], 'x', isUnknown],
  ],
  before: [
    ['2026-01-02', '2026-01-01', true],
    ['2026-01-02', '2026-01-02', false],
    ['2026-01-02T00:00:00+02:00', '2026-01-01T21:59:59Z', true],
    ['2026-01-02T00:00:00+02:00', '2026-01-01T22:00:00Z', false],
    ['2026-01-02', 'yesterday', isUnknown],
    ['2026-01-02', 1_767_225_600_000, isUnknown],
  ],
  after: [
    ['2026-01-01', '2026-01-02', true],
    ['2026-01-01', '2026-01-01T00:00:00.001Z', true],
    ['2026-01-01', '2026-01-01', false],
    ['2026-01-01', '', isUnknown],
    ['2026-01-01', ['2026-01-02'], isUnknown],
  ],
  within_last: [
    ['P7D', atNow(-7 * dayMs), true],
    ['P7D', atNow(-7 * dayMs - 1), false],
    ['P7D', atNow(0), true],
    ['P7D', atNow(1), false],
    ['P1M', '2026-10-24T10:00:00Z', true],
    ['P1M', '2026-10-24T09:59:59Z', false],
    ['P7D', 'recently', isUnknown],
    ['P7D', 5, isUnknown],
  ],
  more_than_ago: [
    ['P7D', atNow(-7 * dayMs - 1), true],
    ['P7D', atNow(-7 * dayMs), false],
    ['P7D', atNow(dayMs), false],
    ['PT0S', atNow(-1), true],
    ['P7D', true, isUnknown],
  ],
  within_next: [
    ['PT1H', atNow(0), true],
    ['PT1H', atNow(3_600_000), true],
    ['PT1H', atNow(3_600_001), false],
    ['PT1H', atNow(-1), false],
    ['P1Y', '2027-11-24T10:00:00Z', true],
    ['PT1H', 'soon', isUnknown],
  ],
};

type ChangeRow = [value: Json | undefined, before: Json | undefined, seen: Json, verdict: Verdict];

const ofTheChange: Partial<Record<OperatorName, ChangeRow[]>> = {
  changed: [
    [none, 1, 2, true],
    [none, 1, 1, false],
    [none, 'new', 'NEW', false],
    [none, 'new', 'old', true],
    [none, none, 'x', true],
    [none, null, 'x', true],
    [none, ['a'], ['a'], false],
    [none, ['a'], ['a', 'b'], true],
    [none, ['A'], ['a'], false],
    [none, { a: 1, b: 2 }, { b: 2, a: 1 }, false],
    [none, { a: 1 }, { a: 2 }, true],
    [none, '1', 1, true],
  ],
  changed_to: [
    ['won', 'new', 'won', true],
    ['won', 'new', 'WON', true],
    ['won', 'won', 'won', false],
    ['won', 'new', 'lost', false],
    ['won', none, 'won', true],
    [5, 4, 5, true],
    [5, '4', '5', isUnknown],
    ['won', 'new', ['won'], isUnknown],
  ],
  changed_from: [
    ['new', 'new', 'won', true],
    ['new', 'New', 'won', true],
    ['new', 'old', 'won', false],
    ['new', 'new', 'new', false],
    ['new', none, 'won', false],
    [5, '5', 6, isUnknown],
  ],
  increased: [
    [none, 1, 2, true],
    [none, 2, 2, false],
    [none, 3, 2, false],
    [none, none, 2, false],
    [none, '1', 2, isUnknown],
    [none, 1, '2', isUnknown],
  ],
  decreased: [
    [none, 2, 1, true],
    [none, 2, 2, false],
    [none, 1, 2, false],
    [none, none, 2, false],
    [none, 2, [1], isUnknown],
  ],
  crossed_above: [
    [80, 79, 80, true],
    [80, 79, 95, true],
    [80, 80, 95, false],
    [80, 79, 79.9, false],
    [80, 95, 70, false],
    [80, none, 95, false],
    [80, 79, '95', isUnknown],
    [80, true, 95, isUnknown],
  ],
  crossed_below: [
    [20, 21, 20, true],
    [20, 21, 5, true],
    [20, 20, 5, false],
    [20, 21, 20.1, false],
    [20, 5, 30, false],
    [20, none, 5, false],
    [20, 21, '5', isUnknown],
  ],
};

/** The only operators that a missing or null field matches. */
const matchMissing: OperatorName[] = ['not_exists', 'is_empty', 'not_equals', 'not_in', 'not_contains', 'contains_none'];

const text = (json: Json | undefined): string => (json === undefined ? 'nothing' : JSON.stringify(json));
const operandOf = (operator: OperatorName): Json | undefined => (ofTheValue[operator] ?? ofTheChange[operator])?.[0]?.[0];

describe('operators of the value', () => {
  const rows = Object.entries(ofTheValue).flatMap(([operator, cases]) => cases.map((row) => [operator, ...row] as const));

  test.each(rows.map((row) => [`${row[0]} ${text(row[1])} of ${text(row[2])} is ${row[3]}`, row] as const))('%s', (_name, row) => {
    const [operator, value, seen, verdict] = row;
    const leaf = aboutX(operator, value);

    expect(checkConditions(leaf, 'trigger').faults).toEqual([]);
    expect(ask(leaf, { x: seen })).toBe(verdict);
    expect(ask({ not: leaf }, { x: seen })).toBe(verdict === isUnknown ? isUnknown : !verdict);
  });
});

describe('operators of the change', () => {
  const rows = Object.entries(ofTheChange).flatMap(([operator, cases]) => cases.map((row) => [operator, ...row] as const));

  test.each(rows.map((row) => [`${row[0]} ${text(row[1])} from ${text(row[2])} to ${text(row[3])} is ${row[4]}`, row] as const))(
    '%s',
    (_name, row) => {
      const [operator, value, before, seen, verdict] = row;
      const leaf = aboutX(operator, value);

      expect(checkConditions(leaf, 'trigger').faults).toEqual([]);
      expect(ask(leaf, { x: seen }, before === undefined ? {} : { x: before })).toBe(verdict);
    },
  );

  test.each(Object.keys(ofTheChange) as OperatorName[])('%s is unknown without a record before the change', (operator) => {
    expect(ask(aboutX(operator, operandOf(operator)), { x: 1 }, null)).toBe(isUnknown);
    expect(ask(aboutX(operator, operandOf(operator)), {}, null)).toBe(isUnknown);
  });
});

describe('a missing field', () => {
  test.each(operatorNames)(`%s: a missing, a null and an unreachable field are the same`, (operator) => {
    const matches = matchMissing.includes(operator);
    const leaf = aboutX(operator, operandOf(operator));

    expect(ask(leaf, {}, {})).toBe(matches);
    expect(ask(leaf, { x: null }, { x: 1 })).toBe(matches);
    expect(ask({ ...leaf, field: 'y.x' }, { y: 5 }, {})).toBe(matches);
  });
});

test('every operator has its rows', () => {
  expect(Object.keys({ ...ofTheValue, ...ofTheChange }).sort()).toEqual([...operatorNames].sort());
});

describe('case', () => {
  const composed = 'Zoë'.normalize('NFC');
  const decomposed = 'zoe\u0308'.normalize('NFD');
  const folded: [OperatorName, Json][] = [
    ['equals', composed],
    ['in', [composed]],
    ['contains', composed],
    ['starts_with', composed],
    ['ends_with', composed],
    ['matches', `^${composed}$`],
  ];

  test.each(folded)('%s compares composed and decomposed letters, whatever their case, as equal', (operator, value) => {
    expect(ask(aboutX(operator, value), { x: decomposed })).toBe(true);
    expect(ask(aboutX(operator, JSON.parse(JSON.stringify(value).normalize('NFD'))), { x: composed.toUpperCase() })).toBe(true);
  });

  test.each(folded)('%s tells cases apart where the condition says so', (operator, value) => {
    expect(ask(aboutX(operator, value, true), { x: composed })).toBe(true);
    expect(ask(aboutX(operator, value, true), { x: composed.normalize('NFD') })).toBe(true);
    expect(ask(aboutX(operator, value, true), { x: decomposed })).toBe(false);
  });

  test('a change of case alone is a change only where case counts', () => {
    expect(ask(aboutX('changed', undefined, true), { x: 'WON' }, { x: 'won' })).toBe(true);
    expect(ask(aboutX('changed_to', 'WON', true), { x: 'WON' }, { x: 'won' })).toBe(true);
    expect(ask(aboutX('changed_from', 'won', true), { x: 'WON' }, { x: 'won' })).toBe(true);
  });

  test('list operators fold their elements', () => {
    expect(ask(aboutX('contains_any', [composed]), { x: [decomposed] })).toBe(true);
    expect(ask(aboutX('contains_any', [composed], true), { x: [decomposed] })).toBe(false);
  });
});

test('values that lie deeper than can be compared are unknown, not an overflow of the stack', () => {
  const deep = (): Json => JSON.parse(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`);

  expect(ask(aboutX('changed'), { x: deep() }, { x: deep() })).toBe(isUnknown);
  expect(ask(aboutX('changed_to', 'a'), { x: 'a' }, { x: deep() })).toBe(isUnknown);
});
