import { createTriggerContext, type Verdict } from '../src/conditions/condition-context.ts';
import type { ConditionLeaf, Conditions } from '../src/conditions/condition-tree.ts';
import { evaluate } from '../src/conditions/evaluate.ts';
import type { Json } from '../src/json.ts';
import { anEvent, now } from './event-builder.ts';

type Fields = Record<string, Json>;

/** Asks conditions of a trigger's event with this data, and this record before the change. */
export function ask(conditions: Conditions, data: Fields, previous: Fields | null = null): Verdict {
  return evaluate(conditions, createTriggerContext(anEvent({ data, previous }), now));
}

/** A leaf about the field `x`. */
export function aboutX(operator: string, value?: Json, caseSensitive?: boolean): ConditionLeaf {
  return {
    field: 'x',
    operator: operator as ConditionLeaf['operator'],
    ...(value === undefined ? {} : { value }),
    ...(caseSensitive === undefined ? {} : { case_sensitive: caseSensitive }),
  };
}
