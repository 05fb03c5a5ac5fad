import { z } from 'zod';
import { parseMoment } from '../conditions/moment.ts';
import { type Checked, check, describeIssue, type LocalFault, localFaultsOf } from '../fault.ts';
import { describeValue, type JsonObject } from '../json.ts';
import { parseSchedule } from '../schedules/schedule.ts';
import { isTaskType, type ScheduledTaskType, scheduledTaskTypes, taskConfigSchemas } from '../tasks/task-config.ts';
import { configInputSchema, isRead } from './config-input.ts';
import { isObjectValue, reportAll } from './report.ts';

const instantSchema = z
  .string()
  .refine((text) => parseMoment(text) !== undefined, {
    error: 'Expected an ISO 8601 date and time, but got another text',
    params: { code: 'invalid_date' },
  })
  // By an offset a year may leave four digits, which no column takes.
  .refine((text) => isFourDigitYear(parseMoment(text)), {
    error: 'Expected a date of the years 1000 to 9999 in UTC, but got another',
    params: { code: 'invalid_date' },
  })
  .transform((text) => new Date(parseMoment(text) ?? 0).toISOString());

export const scheduledTaskRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(255),
    type: z.string().refine(isTaskType, {
      error: (issue) => `Expected one of the task types ${scheduledTaskTypes.join(', ')}, but got ${describeValue(issue.input)}`,
      params: { code: 'unknown_task_type' },
    }),
    config: configInputSchema,
    schedule: z.string().max(255),
    timezone: z.string().max(64).default('UTC'),
    enabled: z.boolean().default(true),
    overlap_policy: z.enum(['skip', 'allow']).default('skip'),
    misfire_policy: z.enum(['skip', 'fire_once', 'fire_all']).default('skip'),
    misfire_max: z.number().int().min(1).max(1_000).nullish(),
    catch_up_window_seconds: z.number().int().min(0).max(31_536_000).default(86_400),
    jitter_seconds: z.number().int().min(0).max(86_400).default(0),
    start_at: instantSchema.nullish(),
    end_at: instantSchema.nullish(),
    max_retries: z.number().int().min(0).max(100).default(0),
    retry_delay_seconds: z.number().int().min(0).max(86_400).default(60),
    dst: z.strictObject({ gap: z.enum(['shift', 'skip']).optional(), overlap: z.enum(['first', 'last', 'both']).optional() }).nullish(),
  })
  .superRefine((task, context) => reportAll(context, [...checkConfig(task), ...checkSchedule(task), ...checkPeriod(task)]), {
    when: isObjectValue,
  })
  .transform((task): ScheduledTaskRequest => {
    const type = task.type as ScheduledTaskType;
    return {
      ...task,
      type,
      config: taskConfigSchemas[type].parse(task.config) as JsonObject,
      schedule: task.schedule.trim(),
      misfire_max: task.misfire_max ?? null,
      start_at: task.start_at ?? null,
      end_at: task.end_at ?? null,
      dst: task.dst ?? null,
    };
  });

export interface ScheduledTaskRequest {
  name: string;
  type: ScheduledTaskType;
  config: JsonObject;
  schedule: string;
  timezone: string;
  enabled: boolean;
  overlap_policy: 'skip' | 'allow';
  misfire_policy: 'skip' | 'fire_once' | 'fire_all';
  misfire_max: number | null;
  catch_up_window_seconds: number;
  jitter_seconds: number;
  /** ISO 8601 in UTC. */
  start_at: string | null;
  end_at: string | null;
  max_retries: number;
  retry_delay_seconds: number;
  dst: { gap?: 'shift' | 'skip' | undefined; overlap?: 'first' | 'last' | 'both' | undefined } | null;
}

function isFourDigitYear(ms: number | undefined): boolean {
  const year = new Date(ms ?? 0).getUTCFullYear();
  return year >= 1_000 && year <= 9_999;
}

/** Checks a scheduled task as posted; every fault has its path. */
export function checkScheduledTask(input: unknown): Checked<ScheduledTaskRequest> {
  return check(scheduledTaskRequestSchema, input);
}

function checkConfig({ type, config }: { type: string; config: JsonObject }): LocalFault[] {
  if (!isTaskType(type) || !isRead(config)) return [];
  const parsed = taskConfigSchemas[type].safeParse(config, { error: describeIssue });
  return parsed.success ? [] : localFaultsOf(parsed.error).map((fault) => ({ ...fault, path: ['config', ...fault.path] }));
}

function checkSchedule({ schedule, timezone }: { schedule: string; timezone: string }): LocalFault[] {
  if (typeof schedule !== 'string' || typeof timezone !== 'string') return [];
  const parsed = parseSchedule(schedule, timezone);
  return parsed.ok ? [] : [{ path: [parsed.key], code: parsed.code, message: parsed.message }];
}

function checkPeriod({
  start_at: start,
  end_at: end,
}: {
  start_at?: string | null | undefined;
  end_at?: string | null | undefined;
}): LocalFault[] {
  if (!start || !end || start < end) return [];
  return [{ path: ['end_at'], code: 'reversed_range', message: 'Expected end_at after start_at, but it is not' }];
}
