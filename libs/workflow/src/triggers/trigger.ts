import { createTriggerContext, type Verdict } from '../conditions/condition-context.ts';
import type { Conditions, ConditionTree } from '../conditions/condition-tree.ts';
import { compileConditions } from '../conditions/evaluate.ts';
import type { EventView } from '../event-view.ts';
import type { JsonObject } from '../json.ts';
import { conditionsOfConfig } from './trigger-conditions.ts';
import { isTriggerType } from './trigger-config.ts';

/** A trigger as saved. `conditions` is a tree, a plain list or null. */
export interface Trigger {
  id: number;
  trigger_type: string;
  trigger_config: JsonObject;
  conditions: Conditions | null;
}

/** Which event types a trigger listens to: one by name, or all custom ones that begin with a prefix (its dot included). */
export type TriggerEventType = { kind: 'exact'; eventType: string } | { kind: 'prefix'; prefix: string } | { kind: 'none' };

/** The event types of a trigger; `none` for a type or config that this version doesn't know. */
export function triggerEventType(trigger: Pick<Trigger, 'trigger_type' | 'trigger_config'>): TriggerEventType {
  if (!isTriggerType(trigger.trigger_type)) return { kind: 'none' };
  if (trigger.trigger_type !== 'custom') return { kind: 'exact', eventType: trigger.trigger_type };
  const name = trigger.trigger_config.event_name;
  if (typeof name !== 'string' || name === '') return { kind: 'none' };
  return name.endsWith('.*') ? { kind: 'prefix', prefix: name.slice(0, -1) } : { kind: 'exact', eventType: name };
}

/** Config and conditions of a trigger as one tree; the event type is not part of it. */
export function triggerConditions(trigger: Pick<Trigger, 'trigger_type' | 'trigger_config' | 'conditions'>): ConditionTree {
  const config = isTriggerType(trigger.trigger_type) ? conditionsOfConfig(trigger.trigger_type, trigger.trigger_config) : [];
  const { conditions } = trigger;
  if (conditions === null || conditions === undefined) return { all: config };
  if (Array.isArray(conditions)) return { all: [...config, ...conditions] };
  return { all: 'all' in conditions ? [...config, ...conditions.all] : [...config, conditions] };
}

export interface CompiledTrigger {
  trigger: Trigger;
  eventType: TriggerEventType;
  /** Asks config and conditions only: the caller has chosen by event type. */
  test(event: EventView, nowMs: number): Verdict;
  /** Asks the event type too. */
  matches(event: EventView, nowMs: number): Verdict;
}

/** Compiles a trigger once for many events. Pure and total. */
export function compileTrigger(trigger: Trigger): CompiledTrigger {
  const eventType = triggerEventType(trigger);
  const conditions = compileConditions(triggerConditions(trigger));
  const test = (event: EventView, nowMs: number): Verdict => conditions(createTriggerContext(event, nowMs));
  return { trigger, eventType, test, matches: (event, nowMs) => listensTo(eventType, event.event_type) && test(event, nowMs) };
}

const compiledByTrigger = new WeakMap<Trigger, CompiledTrigger>();

/** Whether a trigger wants an event: event type, config and conditions. Unknown doesn't start anything. */
export function matchTrigger(trigger: Trigger, event: EventView, nowMs: number): Verdict {
  let compiled = compiledByTrigger.get(trigger);
  if (!compiled) {
    compiled = compileTrigger(trigger);
    compiledByTrigger.set(trigger, compiled);
  }
  return compiled.matches(event, nowMs);
}

/** Whether events of a name are among those of a trigger. A prefix ends in a dot, which no built-in event type has. */
export function listensTo(eventType: TriggerEventType, name: string): boolean {
  if (eventType.kind === 'none') return false;
  return eventType.kind === 'exact' ? eventType.eventType === name : name.startsWith(eventType.prefix);
}
