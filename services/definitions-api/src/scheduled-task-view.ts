import type { ScheduledTask } from '@millrace/db';
import { nextOccurrence, parseSchedule } from '@millrace/workflow';
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

type ScheduledTaskView = z.input<typeof scheduledTaskSchema>;

export function scheduledTaskView(row: ScheduledTask, nowMs: number): ScheduledTaskView {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    config: row.config as ScheduledTaskView['config'],
    schedule: row.schedule,
    timezone: row.timezone,
    enabled: row.enabled,
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
  const parsed = parseSchedule(row.schedule, row.timezone, row.dst ?? null);
  if (!parsed.ok) return null;
  const next = nextOccurrence(parsed.schedule, nowMs, { startMs: row.startAt?.getTime() ?? null, endMs: row.endAt?.getTime() ?? null });
  return next === null ? null : new Date(next);
}
