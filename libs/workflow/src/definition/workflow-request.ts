import { z } from 'zod';
import { type Checked, check } from '../fault.ts';
import { checkOrders, checkUniqueNames, completeActions } from './action-list.ts';
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
  .superRefine(({ actions }, context) => reportAll(context, [...checkOrders(actions), ...checkUniqueNames(completeActions(actions))]))
  .transform(
    ({ description, cooldown_seconds, actions, ...workflow }): WorkflowRequest => ({
      ...workflow,
      description: description ?? null,
      cooldown_seconds: cooldown_seconds ?? null,
      actions: completeActions(actions).sort((a, b) => a.order - b.order),
    }),
  );

/** An action that has its name and order. */
export type CompleteAction = ActionRequest & { name: string; order: number };

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
