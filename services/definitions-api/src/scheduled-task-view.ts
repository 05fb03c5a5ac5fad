import type { ScheduledTask } from '@millrace/db';
import { nextOccurrence, parseSchedule } from '@millrace/workflow';

/** A scheduled task as the API answers it. */
export function scheduledTaskView(row: ScheduledTask, nowMs: number) {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    config: row.config,
    schedule: row.schedule,
    timezone: row.timezone,
    enabled: row.enabled,
    overlap_policy: row.overlapPolicy,
    misfire_policy: row.misfirePolicy,
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
