import { z } from 'zod';
import { type ActionType, actionTypeNames, findActionType } from '../actions/action-types.ts';
import { type Arm, takeArms } from '../actions/arms.ts';
import { type ConditionTree, checkConditions } from '../conditions/condition-tree.ts';
import { describeIssue, type LocalFault, localFaultsOf } from '../fault.ts';
import { describeValue, type JsonObject } from '../json.ts';
import { type RetryPolicyRequest, retryPolicySchema } from '../retry-policy.ts';
import { checkOrders } from './action-list.ts';
import { configInputSchema, isRead } from './config-input.ts';
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

const deepestNesting = 8;
const mostInList = 100;

const actionShape = {
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
};

type ActionInput = z.output<z.ZodObject<typeof actionShape>>;

const faultsOf = (action: ActionInput, depth: number) => [...checkConfig(action, depth), ...prefixed(action.conditions)];

function requestOf({ id, name, order, ...action }: ActionInput, depth: number): ActionRequest {
  const { config, arms } = parseArms(action, depth);
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(order === undefined ? {} : { order }),
    ...action,
    action_type: action.action_type as ActionType,
    action_config: config,
    arms,
    conditions: checkConditions(action.conditions, 'instance').tree,
    retry_policy: action.retry_policy ?? null,
    timeout_seconds: action.timeout_seconds ?? null,
  };
}

/** An action that lies this deep below the workflow's own list; 0 is that list. */
function createActionSchema(depth: number) {
  return z
    .strictObject(actionShape)
    .superRefine((action, context) => reportAll(context, faultsOf(action, depth)), { when: isObjectValue })
    .transform((action): ActionRequest => requestOf(action, depth));
}

const schemaByDepth: ReturnType<typeof createActionSchema>[] = [];

function schemaAt(depth: number) {
  schemaByDepth[depth] ??= createActionSchema(depth);
  return schemaByDepth[depth];
}

/** An action as posted. Name and order may be left out: the workflow's check gives them. Lists of actions in its config become `arms`. */
export const actionRequestSchema = schemaAt(0);

/** An action as posted by itself, with the place that it is to have: the workflow's own list, or an arm of another action. */
export const placedActionRequestSchema = z
  .strictObject({
    ...actionShape,
    parent_id: z.number().int().positive().nullish(),
    arm: z.string().min(1).max(64).nullish(),
  })
  .superRefine((action, context) => reportAll(context, faultsOf(action, 0)), { when: isObjectValue })
  .transform(({ parent_id, arm, ...action }) => ({
    action: requestOf(action, 0),
    parent_id: parent_id ?? null,
    arm: arm ?? null,
  }));

export interface ActionRequest {
  id?: number;
  name?: string;
  action_type: ActionType;
  /** Without the lists of actions in it. */
  action_config: JsonObject;
  /** Those lists, in the config's order. */
  arms: ArmRequest[];
  order?: number;
  delay_seconds: number;
  conditions: ConditionTree | null;
  retry_policy: RetryPolicyRequest | null;
  timeout_seconds: number | null;
  on_error: 'fail' | 'continue';
  at_most_once: boolean;
}

export interface ArmRequest {
  name: string;
  actions: ActionRequest[];
}

interface TypeAndConfig {
  action_type: string;
  action_config: JsonObject;
}

function checkConfig(action: TypeAndConfig, depth: number): LocalFault[] {
  if (!isRead(action.action_config)) return [];
  const { config, faults } = parseArms(action, depth);
  const own = findActionType(action.action_type)?.checkConfig(config) ?? [];
  return [...own, ...faults].map((fault) => ({ ...fault, path: ['action_config', ...fault.path] }));
}

interface ParsedArms {
  config: JsonObject;
  arms: ArmRequest[];
  faults: LocalFault[];
}

/** A config is asked for twice, by the check and by the transform: parsed once, whatever the depth. */
const parsedByConfig = new WeakMap<JsonObject, ParsedArms>();

function parseArms({ action_type: type, action_config: whole }: TypeAndConfig, depth: number): ParsedArms {
  let parsed = parsedByConfig.get(whole);
  if (parsed === undefined) {
    const taken = takeArms(whole, findActionType(type)?.arms(whole) ?? []);
    parsed = { config: taken.config, arms: [], faults: [] };
    for (const arm of taken.arms) addArm(parsed, arm, depth);
    parsedByConfig.set(whole, parsed);
  }
  return parsed;
}

function addArm({ arms, faults }: ParsedArms, { name, path, actions }: Arm, depth: number): void {
  if (actions === undefined) return void arms.push({ name, actions: [] });
  if (depth >= deepestNesting) {
    const message = `Expected actions nested at most ${deepestNesting} deep, but they go deeper`;
    return void faults.push({ path, code: 'too_deep', message });
  }
  const list = z
    .array(schemaAt(depth + 1))
    .max(mostInList)
    .superRefine((items, context) => reportAll(context, checkOrders(items)), { when: ({ value }) => Array.isArray(value) })
    .safeParse(actions, { error: describeIssue });
  if (list.success) arms.push({ name, actions: list.data });
  else faults.push(...localFaultsOf(list.error).map((fault) => ({ ...fault, path: [...path, ...fault.path] })));
}

function prefixed(conditions: unknown): LocalFault[] {
  return checkConditions(conditions, 'instance').faults.map((fault) => ({ ...fault, path: ['conditions', ...fault.path] }));
}
