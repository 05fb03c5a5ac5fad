import type { EventView, Json } from '@millrace/messages';
import { type ConditionLeaf, type ConditionTree, equalityKey, triggerConditions } from '@millrace/workflow';
import type { IndexedTrigger } from '../definition.ts';

/**
 * A predicate that must hold wherever a trigger matches: the field's value has one of the keys. Being necessary is enough,
 * what passes is still asked in full.
 */
export interface EqualityGuard {
  /** A dotted path, as in a condition. */
  field: string;
  keys: ReadonlySet<string>;
}

/** The guard with the fewest keys among what a trigger's config and the top of its conditions demand; null where there is none. */
export function findGuard({ compiled }: IndexedTrigger): EqualityGuard | null {
  const guards = leavesThatMustHold(triggerConditions(compiled.trigger)).flatMap(guardOf);
  return guards.sort((a, b) => a.keys.size - b.keys.size)[0] ?? null;
}

/** The key of the value that an event holds; undefined where it has none to compare. Ignores case: coarser, so still necessary. */
export function keyOf(value: Json | undefined): string | undefined {
  return equalityKey(value, false);
}

function leavesThatMustHold(node: ConditionTree): ConditionLeaf[] {
  if ('all' in node) return node.all.flatMap(leavesThatMustHold);
  return 'operator' in node ? [node] : [];
}

function guardOf({ field, operator, value }: ConditionLeaf): EqualityGuard[] {
  const values = operator === 'equals' || operator === 'changed_to' ? [value] : operator === 'in' && Array.isArray(value) ? value : null;
  const keys = values?.map(keyOf) ?? [undefined];
  return keys.every((key) => key !== undefined) ? [{ field, keys: new Set(keys) }] : [];
}

const roots = new Set(['data', 'previous', 'event']);

/** Reads the value that a condition on the field sees. */
export function createReader(field: string): (event: EventView) => Json | undefined {
  const segments = field.split('.');
  const [root = '', ...rest] = segments;
  if (rest.length === 0) return ({ data }) => (Object.hasOwn(data, root) ? data[root] : undefined);
  if (!roots.has(root)) return ({ data }) => readPath(data, segments);
  if (root === 'event') return (event) => readPath(event, rest);
  return root === 'previous' ? ({ previous }) => readPath(previous, rest) : ({ data }) => readPath(data, rest);
}

function readPath(value: unknown, segments: readonly string[]): Json | undefined {
  let current = value;
  for (const segment of segments) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<string, unknown>)[segment];
  }
  return current as Json | undefined;
}
