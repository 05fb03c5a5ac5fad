import { z } from 'zod';
import { actionTypeNames, findActionType } from '../actions/action-types.ts';
import { savedFields } from '../actions/field-kit.ts';
import { parseMoment } from '../conditions/moment.ts';
import { configInputSchema } from '../definition/config-input.ts';
import { reportAll } from '../definition/report.ts';
import { describeValue } from '../json.ts';
import { retryPolicySchema } from '../retry-policy.ts';
import { isTimezone } from '../schedules/local-time.ts';

const dataSchema = z.record(z.string().min(1).max(128), z.json());

const workflowTask = z.strictObject({
  workflow_id: z.number().int().positive(),
  /** The started instance's event data. */
  additional_data: dataSchema.optional(),
  triggered_by: z.string().trim().min(1).max(64).optional(),
  triggered_by_value: z.union([z.string().min(1).max(128), z.number().int().transform(String)]).optional(),
});

const runnable = actionTypeNames.filter((type) => findActionType(type)?.effect !== 'engine');

const actionTask = z
  .strictObject({
    action_type: z.string().refine((type) => (runnable as string[]).includes(type), {
      error: (issue) => `Expected one of the action types ${runnable.join(', ')}, but got ${describeValue(issue.input)}`,
      params: { code: 'unknown_action_type' },
    }),
    action_config: configInputSchema.prefault({}),
    /** What templates read as `data`. */
    data: dataSchema.optional(),
    retry_policy: retryPolicySchema.nullish(),
    timeout_seconds: z.number().min(1).max(20).nullish(),
    at_most_once: z.boolean().optional(),
  })
  .superRefine(({ action_type: type, action_config: config }, context) => {
    const faults = findActionType(type)?.checkConfig(config) ?? [];
    reportAll(
      context,
      faults.map((fault) => ({ ...fault, path: ['action_config', ...fault.path] })),
    );
  });

const instant = z.string().refine((text) => parseMoment(text) !== undefined, {
  error: 'Expected an ISO 8601 date and time, but got another text',
  params: { code: 'invalid_date' },
});

const longestRangeMs = 366 * 86_400_000;

function lengthOf({ from, to }: { from: string; to: string }): number {
  return (parseMoment(to) ?? 0) - (parseMoment(from) ?? 0);
}

export const reportKinds = ['workflow_summary', 'failures', 'tenant_activity'] as const;

const reportTask = z.strictObject({
  report: z.enum(reportKinds),
  /** The last whole day, week (from Monday) or month before the occurrence, or a range whose end is not part of it. */
  period: z
    .union([
      z.enum(['day', 'week', 'month']),
      z
        .strictObject({ from: instant, to: instant })
        .refine((range) => lengthOf(range) > 0, {
          path: ['to'],
          message: 'Expected an end after the beginning, but it is not',
          params: { code: 'reversed_range' },
        })
        .refine((range) => lengthOf(range) <= longestRangeMs, {
          path: ['to'],
          message: 'Expected an end at most 366 days after the beginning, but it is later',
          params: { code: 'range_too_long' },
        }),
    ])
    .default('day'),
  timezone: z
    .string()
    .refine(isTimezone, { error: 'Expected the name of an IANA time zone, but got another text', params: { code: 'invalid_timezone' } })
    .default('UTC'),
  workflow_id: z.number().int().positive().optional(),
  format: z.enum(['json', 'csv']).default('json'),
  /** Who gets the report as an attachment. */
  email_to: savedFields.addresses().optional(),
});

export const cleanupTargets = ['instances', 'execution_logs', 'action_executions', 'scheduled_executions'] as const;

const endsOfInstances = ['completed', 'failed', 'cancelled'] as const;
const statusesByTarget = {
  instances: endsOfInstances,
  execution_logs: ['pending', 'running', ...endsOfInstances, 'skipped', 'unknown'],
  action_executions: [...endsOfInstances, 'skipped', 'unknown'],
  scheduled_executions: endsOfInstances,
} as const satisfies Record<(typeof cleanupTargets)[number], readonly string[]>;

const cleanupTask = z
  .strictObject({
    target: z.enum(cleanupTargets),
    /** At least the retention of the topics and a day: an instance that is gone could be started again. */
    older_than_days: z.number().int().min(8).max(36_500),
    /** Only rows in one of these; those that the target's rows may have. */
    statuses: z.array(z.enum(statusesByTarget.execution_logs)).min(1).max(7).optional(),
    /** Not of scheduled executions. */
    workflow_id: z.number().int().positive().optional(),
  })
  .superRefine(({ target, statuses = [], workflow_id: workflowId }, context) => {
    const possible: readonly string[] = statusesByTarget[target];
    const faults = statuses.flatMap((status, index) =>
      possible.includes(status)
        ? []
        : [
            {
              path: ['statuses', index],
              code: 'invalid_value',
              message: `Expected a status of ${target}, one of ${possible.join(', ')}, but got ${describeValue(status)}`,
            },
          ],
    );
    // Left out, it would delete more than was asked for.
    const unasked = {
      path: ['workflow_id'],
      code: 'invalid_value',
      message: 'Expected no workflow_id with scheduled_executions, but got one',
    };
    reportAll(context, target === 'scheduled_executions' && workflowId !== undefined ? [...faults, unasked] : faults);
  });

/** The config of each task type. */
export const taskConfigSchemas = { workflow: workflowTask, action: actionTask, report: reportTask, cleanup: cleanupTask };

export type ScheduledTaskType = keyof typeof taskConfigSchemas;
export type TaskConfigOf<T extends ScheduledTaskType> = z.output<(typeof taskConfigSchemas)[T]>;
export const scheduledTaskTypes = Object.keys(taskConfigSchemas) as ScheduledTaskType[];

export function isTaskType(text: unknown): text is ScheduledTaskType {
  return typeof text === 'string' && Object.hasOwn(taskConfigSchemas, text);
}
