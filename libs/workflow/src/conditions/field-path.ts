import type { Json } from '../json.ts';
import type { ConditionContext } from './condition-context.ts';

/** Where a condition's field is read from. */
export type FieldRoot = 'data' | 'previous' | 'event' | 'actions' | 'variables' | 'instance';

export interface FieldPath {
  root: FieldRoot;
  segments: string[];
}

const prefixes = new Set<string>(['data', 'previous', 'event', 'actions', 'variables', 'instance']);

/** Splits a dotted path. A bare name, also one of a single prefix word, is read from the event's data; null where the text isn't a path. */
export function parseFieldPath(field: string): FieldPath | null {
  if (typeof field !== 'string' || field.length === 0 || field.length > 255) return null;
  const segments = field.split('.');
  if (segments.some((segment) => segment === '' || segment !== segment.trim())) return null;
  const head = segments[0] as string;
  if (segments.length > 1 && prefixes.has(head)) return { root: head as FieldRoot, segments: segments.slice(1) };
  return { root: 'data', segments };
}

/** Reads own properties only; a number reads a list's element. Missing and null are both undefined. */
export function readPath(value: unknown, segments: readonly string[]): Json | undefined {
  let current = value;
  for (const segment of segments) {
    if (typeof current !== 'object' || current === null) return undefined;
    if (Array.isArray(current)) {
      if (!/^(0|[1-9]\d{0,8})$/.test(segment)) return undefined;
      current = current[Number(segment)];
    } else {
      if (!Object.hasOwn(current, segment)) return undefined;
      current = (current as Record<string, unknown>)[segment];
    }
  }
  return current === null ? undefined : (current as Json | undefined);
}

export type FieldReader = (context: ConditionContext) => Json | undefined;

/** A reader of the path in a context, with one property look-up for the common bare name. */
export function createFieldReader({ root, segments }: FieldPath): FieldReader {
  const [name] = segments as [string, ...string[]];
  if (root === 'data' && segments.length === 1) {
    // A plain object inherits nothing under another name.
    if (!(name in Object.prototype)) return ({ data }) => data[name] ?? undefined;
    return ({ data }) => (Object.hasOwn(data, name) ? (data[name] ?? undefined) : undefined);
  }
  return (context) => readPath(context[root], segments);
}

/** A reader of the same path in the record before the change; meaningful only for fields of the data. */
export function createPreviousReader({ segments }: FieldPath): FieldReader {
  return ({ previous }) => readPath(previous, segments);
}
