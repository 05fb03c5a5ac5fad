import { z } from 'zod';
import { type Checked, check, type LocalFault } from '../fault.ts';
import { byOrder, type CompleteAction, checkOrders, checkUniqueNames, completeActions, flattenActions } from './action-list.ts';
import { type ActionRequest, actionRequestSchema } from './action-request.ts';
import { reportAll } from './report.ts';
import { type TriggerRequest, triggerRequestSchema } from './trigger-request.ts';

export const limits = { triggers: 20, actions: 100, nameLength: 255, descriptionLength: 10_000 };

/** A workflow as posted: children without an id are new. Every action leaves with a name and an order. */
export const workflowRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(limits.nameLength),
    description: z.string().max(limits.descriptionLength).nullish(),
    enabled: z.boolean().default(true),
    on_disable: z.enum(['finish', 'cancel']).default('finish'),
    re_entry: z.enum(['always', 'while_inactive', 'once']).default('always'),
    cooldown_seconds: z.number().int().min(0).max(315_360_000).nullish(),
    triggers: z.array(triggerRequestSchema).max(limits.triggers).default([]),
    actions: z.array(actionRequestSchema).max(limits.actions).default([]),
  })
  .superRefine(({ actions }, context) => reportAll(context, checkActions(actions)))
  .transform(
    ({ description, cooldown_seconds, actions, ...workflow }): WorkflowRequest => ({
      ...workflow,
      description: description ?? null,
      cooldown_seconds: cooldown_seconds ?? null,
      actions: byOrder(completeActions(actions)),
    }),
  );

function checkActions(actions: readonly ActionRequest[]): LocalFault[] {
  // One that has faults was not transformed: it has no arms yet.
  const complete = completeActions(actions.map((action) => ({ ...action, arms: action.arms ?? [] })));
  const count = flattenActions(complete).length;
  const orders = checkOrders(actions).map((fault) => ({ ...fault, path: ['actions', ...fault.path] }));
  const message = `Expected at most ${limits.actions} actions in a workflow, but got ${count}`;
  return [...orders, ...checkUniqueNames(complete), ...(count > limits.actions ? [{ path: ['actions'], code: 'too_big', message }] : [])];
}

export interface WorkflowRequest {
  name: string;
  description: string | null;
  enabled: boolean;
  on_disable: 'finish' | 'cancel';
  re_entry: 'always' | 'while_inactive' | 'once';
  cooldown_seconds: number | null;
  triggers: TriggerRequest[];
  actions: CompleteAction[];
}

/** Checks a workflow as posted; every fault has its path, such as `actions[0].action_config.title`. */
export function checkWorkflow(input: unknown): Checked<WorkflowRequest> {
  return check(workflowRequestSchema, input);
}

export function checkTrigger(input: unknown): Checked<TriggerRequest> {
  return check(triggerRequestSchema, input);
}

export function checkAction(input: unknown): Checked<ActionRequest> {
  return check(actionRequestSchema, input);
}
