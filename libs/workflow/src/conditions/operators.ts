import type { Duration } from 'luxon';
import { isDeeperThan, isJsonObject, type Json, sameJson } from '../json.ts';
import type { Verdict } from './condition-context.ts';
import { parseDuration, parseMoment, shift } from './moment.ts';
import type { OperandKind } from './operand.ts';
import { compilePattern } from './pattern.ts';
import { foldText } from './text.ts';

/** What an operator is built from: the operand of the definition, and whether case counts. */
export interface Operand {
  value: Json;
  caseSensitive: boolean;
}

/** Asks about a value that is there. */
type ValueTest = (seen: Json, nowMs: number) => Verdict;
/** Asks about a change; the record before it exists, the field in it may not. */
type ChangeTest = (seen: Json, before: Json | undefined) => Verdict;

/** `whenMissing` is the verdict on a missing or null field; change operators also need the record before the change. */
export type Operator =
  | { kind: 'value'; operand: OperandKind; whenMissing: boolean; test: (operand: Operand) => ValueTest }
  | { kind: 'change'; operand: OperandKind; whenMissing: boolean; test: (operand: Operand) => ChangeTest };

const unknown = 'unknown' as const;
const negate = (verdict: Verdict): Verdict => (verdict === unknown ? unknown : !verdict);

function value(operand: OperandKind, whenMissing: boolean, test: (operand: Operand) => ValueTest): Operator {
  return { kind: 'value', operand, whenMissing, test };
}

function change(operand: OperandKind, test: (operand: Operand) => ChangeTest): Operator {
  return { kind: 'change', operand, whenMissing: false, test };
}

function onText(test: (operand: string) => (text: string) => boolean): (operand: Operand) => ValueTest {
  return ({ value, caseSensitive }) => {
    const matches = test(foldText(value as string, caseSensitive));
    return (seen) => (typeof seen === 'string' ? matches(foldText(seen, caseSensitive)) : unknown);
  };
}

function onNumber(test: (operand: number) => (seen: number) => boolean): (operand: Operand) => ValueTest {
  return ({ value }) => {
    const matches = test(value as number);
    return (seen) => (typeof seen === 'number' ? matches(seen) : unknown);
  };
}

function onMoment(test: (operandMs: number) => (seenMs: number) => boolean): (operand: Operand) => ValueTest {
  return ({ value }) => {
    const matches = test(parseMoment(value as string) as number);
    return (seen) => {
      const seenMs = momentOf(seen);
      return seenMs === undefined ? unknown : matches(seenMs);
    };
  };
}

function onAge(test: (seenMs: number, nowMs: number, moved: (sign: 1 | -1) => number) => boolean): (operand: Operand) => ValueTest {
  return ({ value }) => {
    const duration = parseDuration(value as string) as Duration;
    return (seen, nowMs) => {
      const seenMs = momentOf(seen);
      return seenMs === undefined ? unknown : test(seenMs, nowMs, (sign) => shift(nowMs, duration, sign));
    };
  };
}

function momentOf(seen: Json): number | undefined {
  return typeof seen === 'string' ? parseMoment(seen) : undefined;
}

function equalTo({ value, caseSensitive }: Operand): ValueTest {
  if (typeof value !== 'string') return (seen) => (typeof seen === typeof value ? seen === value : unknown);
  const folded = foldText(value, caseSensitive);
  return (seen) => (typeof seen === 'string' ? seen === value || foldText(seen, caseSensitive) === folded : unknown);
}

function comparable(seen: Json, caseSensitive: boolean): Json {
  return typeof seen === 'string' ? foldText(seen, caseSensitive) : seen;
}

function foldedSet({ value, caseSensitive }: Operand): Set<Json> {
  return new Set((value as Json[]).map((item) => comparable(item, caseSensitive)));
}

function oneOf(operand: Operand): ValueTest {
  const values = foldedSet(operand);
  const kinds = new Set([...values].map((item) => typeof item));
  return (seen) => {
    if (typeof seen === 'object') return unknown;
    if (values.size > 0 && !kinds.has(typeof seen)) return unknown;
    return values.has(comparable(seen, operand.caseSensitive));
  };
}

function containing(operand: Operand): ValueTest {
  const folded = comparable(operand.value, operand.caseSensitive);
  return (seen) => {
    if (Array.isArray(seen)) return seen.some((item) => comparable(item, operand.caseSensitive) === folded);
    if (typeof seen !== 'string' || typeof folded !== 'string') return unknown;
    return foldText(seen, operand.caseSensitive).includes(folded);
  };
}

function onList(test: (wanted: Set<Json>, present: Set<Json>) => boolean): (operand: Operand) => ValueTest {
  return (operand) => {
    const wanted = foldedSet(operand);
    return (seen) => {
      if (!Array.isArray(seen)) return unknown;
      return test(wanted, new Set(seen.map((item) => comparable(item, operand.caseSensitive))));
    };
  };
}

function isEmpty(seen: Json): boolean {
  if (Array.isArray(seen)) return seen.length === 0;
  return seen === '' || (isJsonObject(seen) && Object.keys(seen).length === 0);
}

function foldJson(json: Json, caseSensitive: boolean): Json {
  if (Array.isArray(json)) return json.map((item) => foldJson(item, caseSensitive));
  if (!isJsonObject(json)) return comparable(json, caseSensitive);
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, foldJson(item, caseSensitive)]));
}

/** Values are compared to this depth; deeper ones can't be told apart without risking the stack. */
const comparedDepth = 64;

function hasChanged(seen: Json, before: Json | undefined, caseSensitive: boolean): Verdict {
  if (before === undefined) return true;
  if (isDeeperThan(seen, comparedDepth) || isDeeperThan(before, comparedDepth)) return unknown;
  return !sameJson(foldJson(seen, caseSensitive), foldJson(before, caseSensitive));
}

/** The verdict of `then` where the field has changed. */
function onceChanged(changed: Verdict, then: () => Verdict): Verdict {
  return changed === true ? then() : changed;
}

function onNumbers(test: (seen: number, before: number, operand: number) => boolean): (operand: Operand) => ChangeTest {
  return ({ value }) =>
    (seen, before) => {
      if (typeof seen !== 'number') return unknown;
      if (before === undefined) return false;
      return typeof before === 'number' ? test(seen, before, value as number) : unknown;
    };
}

/** Every operator of the product's table, by name. */
export const operators = {
  equals: value('scalar', false, equalTo),
  not_equals: value('scalar', true, (operand) => {
    const equals = equalTo(operand);
    return (seen, nowMs) => negate(equals(seen, nowMs));
  }),
  greater_than: value(
    'number',
    false,
    onNumber((operand) => (seen) => seen > operand),
  ),
  greater_than_or_equal: value(
    'number',
    false,
    onNumber((operand) => (seen) => seen >= operand),
  ),
  less_than: value(
    'number',
    false,
    onNumber((operand) => (seen) => seen < operand),
  ),
  less_than_or_equal: value(
    'number',
    false,
    onNumber((operand) => (seen) => seen <= operand),
  ),
  between: value('range', false, ({ value }) => {
    const [low, high] = value as [number, number];
    return (seen) => (typeof seen === 'number' ? low <= seen && seen <= high : unknown);
  }),
  in: value('scalars', false, oneOf),
  not_in: value('scalars', true, (operand) => {
    const isOneOf = oneOf(operand);
    return (seen, nowMs) => negate(isOneOf(seen, nowMs));
  }),
  contains: value('searched', false, containing),
  not_contains: value('searched', true, (operand) => {
    const contains = containing(operand);
    return (seen, nowMs) => negate(contains(seen, nowMs));
  }),
  starts_with: value(
    'text',
    false,
    onText((operand) => (text) => text.startsWith(operand)),
  ),
  ends_with: value(
    'text',
    false,
    onText((operand) => (text) => text.endsWith(operand)),
  ),
  matches: value('pattern', false, ({ value, caseSensitive }) => {
    const matches = compilePattern(value as string, caseSensitive);
    return (seen) => (typeof seen === 'string' ? matches(seen) : unknown);
  }),
  exists: value('none', false, () => () => true),
  not_exists: value('none', true, () => () => false),
  is_empty: value('none', true, () => isEmpty),
  is_not_empty: value('none', false, () => (seen) => !isEmpty(seen)),
  is_true: value('none', false, () => (seen) => (typeof seen === 'boolean' ? seen : unknown)),
  is_false: value('none', false, () => (seen) => (typeof seen === 'boolean' ? !seen : unknown)),
  contains_any: value(
    'scalars',
    false,
    onList((wanted, present) => [...wanted].some((item) => present.has(item))),
  ),
  contains_all: value(
    'scalars',
    false,
    onList((wanted, present) => [...wanted].every((item) => present.has(item))),
  ),
  contains_none: value(
    'scalars',
    true,
    onList((wanted, present) => ![...wanted].some((item) => present.has(item))),
  ),
  before: value(
    'moment',
    false,
    onMoment((operandMs) => (seenMs) => seenMs < operandMs),
  ),
  after: value(
    'moment',
    false,
    onMoment((operandMs) => (seenMs) => seenMs > operandMs),
  ),
  within_last: value(
    'duration',
    false,
    onAge((seenMs, nowMs, moved) => seenMs <= nowMs && seenMs >= moved(-1)),
  ),
  more_than_ago: value(
    'duration',
    false,
    onAge((seenMs, _nowMs, moved) => seenMs < moved(-1)),
  ),
  within_next: value(
    'duration',
    false,
    onAge((seenMs, nowMs, moved) => seenMs >= nowMs && seenMs <= moved(1)),
  ),
  changed: change(
    'none',
    ({ caseSensitive }) =>
      (seen, before) =>
        hasChanged(seen, before, caseSensitive),
  ),
  changed_to: change('scalar', (operand) => {
    const equals = equalTo(operand);
    return (seen, before) => onceChanged(hasChanged(seen, before, operand.caseSensitive), () => equals(seen, 0));
  }),
  changed_from: change('scalar', (operand) => {
    const equals = equalTo(operand);
    return (seen, before) =>
      before === undefined ? false : onceChanged(hasChanged(seen, before, operand.caseSensitive), () => equals(before, 0));
  }),
  increased: change(
    'none',
    onNumbers((seen, before) => seen > before),
  ),
  decreased: change(
    'none',
    onNumbers((seen, before) => seen < before),
  ),
  crossed_above: change(
    'number',
    onNumbers((seen, before, operand) => before < operand && operand <= seen),
  ),
  crossed_below: change(
    'number',
    onNumbers((seen, before, operand) => before > operand && operand >= seen),
  ),
  /** Not for users: a `lead_scored` trigger's `min_change`. */
  changed_by_at_least: change(
    'number',
    onNumbers((seen, before, operand) => Math.abs(seen - before) >= operand),
  ),
} satisfies Record<string, Operator>;

/** The operators that a definition may name. */
export const operatorNames = (Object.keys(operators) as OperatorName[]).filter((name) => name !== 'changed_by_at_least');

export function isOperatorName(text: unknown): text is OperatorName {
  return (operatorNames as unknown[]).includes(text);
}

export type OperatorName = keyof typeof operators;
