import type { TriggerRequest, WorkflowRequest } from '@millrace/workflow';
import { checkSameId, newHasNoId, tooMany } from './child-faults.ts';
import { invalid, notFound } from './problem.ts';

const mostTriggers = 20;

/** The workflow with one more trigger, which is asked after the others. */
export function addTrigger(workflow: WorkflowRequest, trigger: TriggerRequest): WorkflowRequest {
  if (trigger.id !== undefined) throw invalid([newHasNoId]);
  if (workflow.triggers.length >= mostTriggers) throw invalid([tooMany('triggers', mostTriggers)]);
  return { ...workflow, triggers: [...workflow.triggers, trigger] };
}

/** The workflow with another trigger in the place of the one with this id. */
export function replaceTrigger(workflow: WorkflowRequest, id: number, trigger: TriggerRequest): WorkflowRequest {
  requireTrigger(workflow, id);
  checkSameId(id, trigger);
  return { ...workflow, triggers: workflow.triggers.map((each) => (each.id === id ? { ...trigger, id } : each)) };
}

export function removeTrigger(workflow: WorkflowRequest, id: number): WorkflowRequest {
  requireTrigger(workflow, id);
  return { ...workflow, triggers: workflow.triggers.filter((each) => each.id !== id) };
}

function requireTrigger({ triggers }: WorkflowRequest, id: number): void {
  if (!triggers.some((each) => each.id === id)) throw notFound();
}
