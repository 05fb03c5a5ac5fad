import type { ScheduledTask, ScheduledTaskExecution } from '@millrace/db';
import { type Json, nextOccurrence, parseSchedule } from '@millrace/workflow';
import { z } from 'zod';
import { instant, jsonObject, rowId } from './answer-schema.ts';

/** A scheduled task as the API answers it. */
export const scheduledTaskSchema = z.strictObject({
  id: rowId,
  name: z.string(),
  type: z.string(),
  config: jsonObject,
  schedule: z.string(),
  timezone: z.string(),
  enabled: z.boolean(),
  /** Counts the changes of the task. */
  revision: rowId,
  overlap_policy: z.enum(['skip', 'allow']),
  misfire_policy: z.enum(['skip', 'fire_once', 'fire_all']),
  misfire_max: z.number().int().nullable(),
  catch_up_window_seconds: z.number().int(),
  jitter_seconds: z.number().int(),
  start_at: instant.nullable(),
  end_at: instant.nullable(),
  max_retries: z.number().int(),
  retry_delay_seconds: z.number().int(),
  dst: z.strictObject({ gap: z.enum(['shift', 'skip']).optional(), overlap: z.enum(['first', 'last', 'both']).optional() }).nullable(),
  /** `error` and `ended` say with their reason why there is no next run. */
  state: z.string(),
  state_reason: z.string().nullable(),
  last_run_at: instant.nullable(),
  next_run_at: instant.nullable(),
  created_by: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
});

export type ScheduledTaskView = z.input<typeof scheduledTaskSchema>;

export function scheduledTaskView(row: ScheduledTask, nowMs: number): ScheduledTaskView {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    config: row.config as ScheduledTaskView['config'],
    schedule: row.schedule,
    timezone: row.timezone,
    enabled: row.enabled,
    revision: row.revision,
    overlap_policy: row.overlapPolicy as ScheduledTaskView['overlap_policy'],
    misfire_policy: row.misfirePolicy as ScheduledTaskView['misfire_policy'],
    misfire_max: row.misfireMax ?? null,
    catch_up_window_seconds: row.catchUpWindowSeconds,
    jitter_seconds: row.jitterSeconds,
    start_at: row.startAt?.toISOString() ?? null,
    end_at: row.endAt?.toISOString() ?? null,
    max_retries: row.maxRetries,
    retry_delay_seconds: row.retryDelaySeconds,
    dst: row.dst ?? null,
    state: row.state,
    state_reason: row.stateReason ?? null,
    last_run_at: row.lastRunAt?.toISOString() ?? null,
    next_run_at: nextRunAt(row, nowMs)?.toISOString() ?? null,
    created_by: row.createdBy ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** The stored one where the scheduler has computed it for this revision, else what it will compute. Null: none is to come. */
export function nextRunAt(row: ScheduledTask, nowMs: number): Date | null {
  if (!row.enabled) return null;
  if (row.computedRevision === row.revision) return row.nextRunAt ?? null;
  return nextOccurrences(row, nowMs, 1)[0] ?? null;
}

/** The occurrences after an instant, at most `count`; whether the task is enabled doesn't matter. */
export function nextOccurrences(row: ScheduledTask, afterMs: number, count: number): Date[] {
  const parsed = parseSchedule(row.schedule, row.timezone, row.dst ?? null);
  if (!parsed.ok) return [];
  const window = { startMs: row.startAt?.getTime() ?? null, endMs: row.endAt?.getTime() ?? null };
  const occurrences: Date[] = [];
  for (let next = nextOccurrence(parsed.schedule, afterMs, window); next !== null; next = nextOccurrence(parsed.schedule, next, window)) {
    occurrences.push(new Date(next));
    if (occurrences.length === count) break;
  }
  return occurrences;
}

/** One occurrence of a task and what became of it. */
export const taskExecutionSchema = z.strictObject({
  task_id: rowId,
  /** The instance that ran it, or that says why it was skipped. */
  instance_id: z.string(),
  scheduled_for: instant,
  status: z.string(),
  skip_reason: z.string().nullable(),
  started_at: instant.nullable(),
  completed_at: instant.nullable(),
  duration_ms: z.number().int().nullable(),
  output: z.json(),
  error_message: z.string().nullable(),
  created_at: instant,
});

export function taskExecutionView(row: ScheduledTaskExecution): z.input<typeof taskExecutionSchema> {
  return {
    task_id: Number(row.taskId),
    instance_id: row.instanceId,
    scheduled_for: row.scheduledFor.toISOString(),
    status: row.status,
    skip_reason: row.skipReason ?? null,
    started_at: row.startedAt?.toISOString() ?? null,
    completed_at: row.completedAt?.toISOString() ?? null,
    duration_ms: row.durationMs ?? null,
    output: (row.output ?? null) as Json,
    error_message: row.errorMessage ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
