import type { WorkflowDefinition } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import {
  type CompiledConditions,
  compileConditions,
  type Trigger,
  type TriggerEventType,
  triggerConditions,
  triggerEventType,
} from '@millrace/workflow';
import { asksForChange, findGuards, type Guard, termsOf } from './index/guard.ts';

/** A trigger as it is asked: parsed and compiled once. */
export interface IndexedTrigger {
  workflowId: number;
  workflowVersion: number;
  triggerId: number;
  /** Place in its workflow: the first that matches is the one that starts it. */
  position: number;
  /** Its workflow has no other. */
  isOnlyOne: boolean;
  listensTo: TriggerEventType;
  /** Config and conditions, cut into what must all hold. */
  terms: readonly CompiledConditions[];
  guards: readonly Guard[];
  asksForChange: boolean;
}

/** The triggers of a definition. Throws TerminalError `definition_invalid` where a text isn't the JSON that it should be. */
export function parseTriggers(definition: WorkflowDefinition): IndexedTrigger[] {
  return definition.triggers.map((trigger, position) => ({
    workflowId: definition.workflow_id,
    workflowVersion: definition.version,
    triggerId: trigger.trigger_id,
    position,
    isOnlyOne: definition.triggers.length === 1,
    ...compile(trigger),
  }));
}

function compile(
  definition: WorkflowDefinition['triggers'][number],
): Pick<IndexedTrigger, 'listensTo' | 'terms' | 'guards' | 'asksForChange'> {
  try {
    const trigger = {
      trigger_type: definition.trigger_type,
      trigger_config: JSON.parse(definition.trigger_config) as Trigger['trigger_config'],
      conditions: definition.conditions === null ? null : (JSON.parse(definition.conditions) as Trigger['conditions']),
    };
    const terms = termsOf(triggerConditions(trigger));
    return {
      listensTo: triggerEventType(trigger),
      terms: terms.map(compileConditions),
      guards: findGuards(terms),
      asksForChange: terms.some(asksForChange),
    };
  } catch (error) {
    throw new TerminalError('definition_invalid', `Expected trigger ${definition.trigger_id} to compile, but it does not`, {
      cause: error,
    });
  }
}
