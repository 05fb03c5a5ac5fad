import type { WorkflowDefinition } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { type CompiledTrigger, compileTrigger, type Trigger } from '@millrace/workflow';

/** A trigger as it is asked: parsed and compiled once. */
export interface IndexedTrigger {
  workflowId: number;
  workflowVersion: number;
  triggerId: number;
  /** Place in its workflow: the first that matches is the one that starts it. */
  position: number;
  compiled: CompiledTrigger;
}

/** The triggers of a definition. Throws TerminalError `definition_invalid` where a text isn't the JSON that it should be. */
export function parseTriggers(definition: WorkflowDefinition): IndexedTrigger[] {
  return definition.triggers.map((trigger, position) => ({
    workflowId: definition.workflow_id,
    workflowVersion: definition.version,
    triggerId: trigger.trigger_id,
    position,
    compiled: compile(trigger),
  }));
}

function compile(trigger: WorkflowDefinition['triggers'][number]): CompiledTrigger {
  try {
    return compileTrigger({
      id: trigger.trigger_id,
      trigger_type: trigger.trigger_type,
      trigger_config: JSON.parse(trigger.trigger_config) as Trigger['trigger_config'],
      conditions: trigger.conditions === null ? null : (JSON.parse(trigger.conditions) as Trigger['conditions']),
    });
  } catch (error) {
    throw new TerminalError('definition_invalid', `Expected trigger ${trigger.trigger_id} to compile, but it does not`, { cause: error });
  }
}
