import { type ConditionLeaf, type ConditionTree, foldText, type Json, parseFieldPath } from '@millrace/workflow';
import { nextNumber } from './next-number.ts';

/** A value as the index compares it: texts without their case, which is coarser than some conditions, so still necessary. */
export type Key = string | number | boolean;

interface Demand {
  field: string;
  /** Guards of one question are told apart by the same look at an event. */
  question: string;
  /** The terms (their places) that hold where the demand is met, and needn't be asked any more. */
  proves: readonly number[];
}

/**
 * What a term demands of an event. An event that doesn't meet it makes the term false, and with it all terms; where the term
 * would be unknown (a value of another kind, no record before the change) nothing is ruled out.
 */
export type Guard = EqualityGuard | RangeGuard | CrossingGuard;

/** One of these values. */
export interface EqualityGuard extends Demand {
  kind: 'equality';
  asksForChange: boolean;
  keys: ReadonlySet<Key>;
  /** The texts as the definition spells them, which is how most events do. */
  spellings: readonly string[];
}

/** A number within these bounds, both included. */
export interface RangeGuard extends Demand {
  kind: 'range';
  low: number;
  high: number;
}

/** The number before the change and the one after it lie on different sides of the threshold, or on it. */
export interface CrossingGuard extends Demand {
  kind: 'crossing';
  threshold: number;
}

/** A longer list is asked as quickly as an index is. */
const mostKeys = 64;

/** Cuts a tree into terms that must all hold: its verdict is that of `all` of them. */
export function termsOf(tree: ConditionTree): ConditionTree[] {
  return 'all' in tree ? tree.all.flatMap(termsOf) : [tree];
}

/** The guards that terms give; ranges of one field are one. */
export function findGuards(terms: readonly ConditionTree[]): Guard[] {
  const guards: Guard[] = [];
  for (const [at, term] of terms.entries()) {
    const guard = 'operator' in term && parseFieldPath(term.field) !== null ? guardOf(term, at) : null;
    const earlier = guard?.kind === 'range' ? guards.findIndex(({ kind, field }) => kind === 'range' && field === guard.field) : -1;
    if (guard?.kind === 'range' && earlier >= 0) guards[earlier] = intersect(guards[earlier] as RangeGuard, guard);
    else if (guard !== null) guards.push(guard);
  }
  return guards;
}

/** Whether the tree asks for a change, which is unknown where there is no record before it. */
export function asksForChange(tree: ConditionTree): boolean {
  if ('all' in tree) return tree.all.some(asksForChange);
  if ('any' in tree) return tree.any.some(asksForChange);
  if ('not' in tree) return asksForChange(tree.not);
  return /^(?:changed|increased|decreased|crossed)/.test(tree.operator);
}

/** The key of a value; undefined for a list or an object, which equals nothing. */
export function keyOf(value: Json | undefined): Key | undefined {
  if (typeof value === 'string') return foldText(value, false);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function guardOf(leaf: ConditionLeaf, at: number): Guard | null {
  const { field, operator, value, case_sensitive: caseSensitive } = leaf;
  const proves = caseSensitive === true ? [] : [at];
  switch (operator) {
    case 'equals':
      return equality({ field, question: `is ${field}`, proves, asksForChange: false }, [value]);
    case 'in':
      return equality({ field, question: `is ${field}`, proves, asksForChange: false }, value as Json[]);
    case 'changed_to':
      return equality({ field, question: `changed ${field}`, proves: [], asksForChange: true }, [value]);
    case 'crossed_above':
    case 'crossed_below':
      return { kind: 'crossing', field, question: `crossed ${field}`, proves: [], threshold: value as number };
    default: {
      const bounds = boundsOf(leaf);
      return bounds === null ? null : { kind: 'range', field, question: `within ${field}`, proves: [at], low: bounds[0], high: bounds[1] };
    }
  }
}

function equality(guard: Omit<EqualityGuard, 'kind' | 'keys' | 'spellings'>, values: readonly (Json | undefined)[]): EqualityGuard | null {
  const keys = new Set(values.map(keyOf));
  if (keys.has(undefined) || keys.size > mostKeys) return null;
  return { kind: 'equality', ...guard, keys: keys as Set<Key>, spellings: values.filter((value) => typeof value === 'string') };
}

function boundsOf({ operator, value }: ConditionLeaf): [low: number, high: number] | null {
  switch (operator) {
    case 'greater_than':
      return [nextNumber(value as number, 1), Number.POSITIVE_INFINITY];
    case 'greater_than_or_equal':
      return [value as number, Number.POSITIVE_INFINITY];
    case 'less_than':
      return [Number.NEGATIVE_INFINITY, nextNumber(value as number, -1)];
    case 'less_than_or_equal':
      return [Number.NEGATIVE_INFINITY, value as number];
    case 'between':
      return value as [number, number];
    default:
      return null;
  }
}

function intersect(a: RangeGuard, b: RangeGuard): RangeGuard {
  return { ...a, proves: [...a.proves, ...b.proves], low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}
