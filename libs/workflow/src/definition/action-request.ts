import { z } from 'zod';
import { type ActionType, actionTypeNames, findActionType } from '../actions/action-types.ts';
import { type ConditionTree, checkConditions } from '../conditions/condition-tree.ts';
import type { LocalFault } from '../fault.ts';
import { describeValue, type JsonObject } from '../json.ts';
import { type RetryPolicyRequest, retryPolicySchema } from '../retry-policy.ts';
import { configInputSchema } from './config-input.ts';
import { isObjectValue, reportAll } from './report.ts';

export const maxDelaySeconds = 315_360_000;
export const defaultTimeoutSeconds = 10;
/** What a request may ask for; an operator may allow up to 300. */
export const maxTimeoutSeconds = 20;

const actionTypeSchema = z.string().refine((type) => findActionType(type) !== undefined, {
  error: (issue) => `Expected one of the action types ${actionTypeNames.join(', ')}, but got ${describeValue(issue.input)}`,
  params: { code: 'unknown_action_type' },
});

/** Names appear in templates and conditions as `actions.<name>.output`. */
export const actionNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[^.[\]"'{}|%\p{Cc}]+$/u, 'Expected a name without . [ ] { } | % and quotes, but got another text');

/** An action as posted. Name and order may be left out: the workflow's check gives them. */
export const actionRequestSchema = z
  .strictObject({
    id: z.number().int().positive().optional(),
    name: actionNameSchema.optional(),
    action_type: actionTypeSchema,
    action_config: configInputSchema.prefault({}),
    order: z.number().int().min(0).max(1_000_000).optional(),
    delay_seconds: z.number().int().min(0).max(maxDelaySeconds).default(0),
    conditions: z.unknown().optional(),
    retry_policy: retryPolicySchema.nullish(),
    timeout_seconds: z.number().min(1).max(maxTimeoutSeconds).nullish(),
    on_error: z.enum(['fail', 'continue']).default('fail'),
    at_most_once: z.boolean().default(false),
  })
  .superRefine((action, context) => reportAll(context, [...checkConfig(action), ...prefixed(action.conditions)]), { when: isObjectValue })
  .transform(
    ({ id, name, order, ...action }): ActionRequest => ({
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
      ...(order === undefined ? {} : { order }),
      ...action,
      action_type: action.action_type as ActionType,
      conditions: checkConditions(action.conditions, 'instance').tree,
      retry_policy: action.retry_policy ?? null,
      timeout_seconds: action.timeout_seconds ?? null,
    }),
  );

export interface ActionRequest {
  id?: number;
  name?: string;
  action_type: ActionType;
  action_config: JsonObject;
  order?: number;
  delay_seconds: number;
  conditions: ConditionTree | null;
  retry_policy: RetryPolicyRequest | null;
  timeout_seconds: number | null;
  on_error: 'fail' | 'continue';
  at_most_once: boolean;
}

function checkConfig({ action_type: type, action_config: config }: { action_type: string; action_config: JsonObject }): LocalFault[] {
  const faults = findActionType(type)?.checkConfig(config) ?? [];
  return faults.map((fault) => ({ ...fault, path: ['action_config', ...fault.path] }));
}

function prefixed(conditions: unknown): LocalFault[] {
  return checkConditions(conditions, 'instance').faults.map((fault) => ({ ...fault, path: ['conditions', ...fault.path] }));
}
