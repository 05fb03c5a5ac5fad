import { z } from 'zod';
import { type ConditionTree, checkConditions } from '../conditions/condition-tree.ts';
import { describeIssue, type LocalFault, localFaultsOf } from '../fault.ts';
import { describeValue, type JsonObject } from '../json.ts';
import { isTriggerType, type TriggerType, triggerConfigSchemas, triggerTypes } from '../triggers/trigger-config.ts';
import { configInputSchema, isRead } from './config-input.ts';
import { isObjectValue, reportAll } from './report.ts';

const triggerTypeSchema = z.string().refine(isTriggerType, {
  error: (issue) => `Expected one of the trigger types ${triggerTypes.join(', ')}, but got ${describeValue(issue.input)}`,
  params: { code: 'unknown_trigger_type' },
});

/** A trigger as posted: type, config (an object or a JSON text), conditions (a tree, a list, or nothing). */
export const triggerRequestSchema = z
  .strictObject({
    id: z.number().int().positive().optional(),
    trigger_type: triggerTypeSchema,
    trigger_config: configInputSchema.prefault({}),
    conditions: z.unknown().optional(),
  })
  .superRefine((trigger, context) => reportAll(context, [...checkConfig(trigger), ...prefixed(trigger.conditions)]), {
    when: isObjectValue,
  })
  .transform((trigger): TriggerRequest => {
    const type = trigger.trigger_type as TriggerType;
    const config = triggerConfigSchemas[type].parse(trigger.trigger_config) as JsonObject;
    return {
      ...(trigger.id === undefined ? {} : { id: trigger.id }),
      trigger_type: type,
      trigger_config: config,
      conditions: checkConditions(trigger.conditions, 'trigger').tree,
    };
  });

export interface TriggerRequest {
  id?: number;
  trigger_type: TriggerType;
  trigger_config: JsonObject;
  conditions: ConditionTree | null;
}

function checkConfig({ trigger_type: type, trigger_config: config }: { trigger_type: string; trigger_config: JsonObject }): LocalFault[] {
  if (!isTriggerType(type) || !isRead(config)) return [];
  const parsed = triggerConfigSchemas[type].safeParse(config, { error: describeIssue });
  if (parsed.success) return [];
  return localFaultsOf(parsed.error).map((fault) => ({ ...fault, path: ['trigger_config', ...fault.path] }));
}

function prefixed(conditions: unknown): LocalFault[] {
  return checkConditions(conditions, 'trigger').faults.map((fault) => ({ ...fault, path: ['conditions', ...fault.path] }));
}
