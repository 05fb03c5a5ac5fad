import type { EventView } from '@millrace/messages';
import {
  type Conditions,
  compileTrigger,
  createTriggerContext,
  explain,
  formatPath,
  type LeafExplanation,
  listensTo,
  triggerConditions,
  type Verdict,
} from '@millrace/workflow';
import { z } from 'zod';
import { rowId } from './answer-schema.ts';
import type { TriggerNode } from './definition.ts';

/** `unknown`: the value that is there has a type of which the condition can't be asked. It starts nothing. */
const verdictSchema = z.enum(['true', 'false', 'unknown']);

export const triggerEvaluationSchema = z.strictObject({
  trigger_id: rowId,
  trigger_type: z.string(),
  /** Whether the trigger is for events of this type at all. */
  listens: z.boolean(),
  /** Of its config and its conditions together. */
  verdict: verdictSchema,
  matches: z.boolean(),
  conditions: z.array(
    z.strictObject({
      /** `trigger_config`, or the place in the trigger's conditions. */
      path: z.string(),
      field: z.string(),
      operator: z.string(),
      value: z.json(),
      /** What the event has there; null for nothing. */
      seen: z.json(),
      verdict: verdictSchema,
    }),
  ),
});

/** What a trigger makes of an event, with every condition asked, also those behind a decided one. */
export function evaluateTrigger(trigger: TriggerNode, event: EventView, nowMs: number): z.input<typeof triggerEvaluationSchema> {
  const compiled = compileTrigger(trigger);
  const context = createTriggerContext(event, nowMs);
  const leavesOf = (conditions: Conditions | null, pathOf: (leaf: LeafExplanation) => string) =>
    explain(conditions, context).map((leaf) => ({ ...leaf, path: pathOf(leaf), verdict: textOf(leaf.verdict) }));
  return {
    trigger_id: trigger.id,
    trigger_type: trigger.trigger_type,
    listens: listensTo(compiled.eventType, event.event_type),
    verdict: textOf(compiled.test(event, nowMs)),
    matches: compiled.matches(event, nowMs) === true,
    conditions: [
      ...leavesOf(triggerConditions({ ...trigger, conditions: null }), () => 'trigger_config'),
      ...leavesOf(trigger.conditions, ({ path }) => formatPath(['conditions', ...path])),
    ],
  };
}

function textOf(verdict: Verdict): z.input<typeof verdictSchema> {
  return verdict === 'unknown' ? verdict : verdict ? 'true' : 'false';
}
