import {
  type Cutoffs,
  type Database,
  deleteDeadLetters,
  deleteExpiredTaskRuns,
  deleteInstances,
  findNextTenant,
  findRetention,
  inSteps,
  stepSizes,
  translateDatabaseError,
} from '@millrace/db';
import { counter, type Logger, type Loop, paced, startLoop } from '@millrace/runtime';
import { defaultTenantSettings, type TenantSettings } from '@millrace/workflow';
import type { Clock } from './clock.ts';

const lookEveryMs = 60_000;
const sweepEveryMs = 3_600_000;
/** A restart has better things to do. */
const firstAfterMs = 600_000;
const dayMs = 86_400_000;

const expired = counter('millrace_executor_expired_rows_total', 'Rows that were removed as they had been kept long enough, by kind');

/** How long an installation keeps what has ended, where the tenant doesn't say. */
export interface RetentionDays {
  history: number;
  deadLetters: number;
}

interface RetentionOptions {
  database: Database;
  clock: Pick<Clock, 'now' | 'elapsed'>;
  days: RetentionDays;
  logger: Logger;
}

/** Removes every hour what has been kept long enough. Every executor does; what another removes meanwhile is passed over. */
export function startRetention({ database, clock, days, logger }: RetentionOptions): Loop {
  let dueAt = clock.elapsed() + firstAfterMs;
  return startLoop({
    name: 'retention',
    everyMs: lookEveryMs,
    logger,
    async runOnce(signal) {
      if (clock.elapsed() < dueAt) return;
      await removeExpired(database, days, clock.now(), signal);
      dueAt = clock.elapsed() + sweepEveryMs;
    },
  });
}

/**
 * Removes ended instances with their history, runs of scheduled tasks and dead letters that are older than their tenant or the installation
 * keeps them, in chunks that hold no lock for long, with a rest after each. What is gone stays gone, so a repeat goes on from there. Roll-ups stay.
 */
export async function removeExpired(database: Database, days: RetentionDays, nowMs: number, signal: AbortSignal): Promise<void> {
  const { pool } = database;
  try {
    for await (const [tenantId, cutoffs] of tenantsOf(database, 'workflow_instances', days, nowMs, signal)) {
      for (const [beforeMs, statuses] of byCutoff(cutoffs)) {
        const retention = { tenantId, beforeMs, statuses, workflowId: null };
        for await (const { deleted } of inSteps((from) => deleteInstances(database, retention, from, stepSizes.instances), signal)) {
          expired.add(deleted, { kind: 'instance' });
        }
      }
    }
    for await (const [tenantId, cutoffs] of tenantsOf(database, 'scheduled_task_executions', days, nowMs, signal)) {
      for (let afterId: number | null = 0; afterId !== null && !signal.aborted; ) {
        const from: number = afterId;
        const { deleted, nextId } = await paced(() => deleteExpiredTaskRuns(pool, tenantId, cutoffs, from, stepSizes.rows), signal);
        expired.add(deleted, { kind: 'task_run' });
        afterId = nextId;
      }
    }
    for (let deleted = stepSizes.deadLetters; deleted === stepSizes.deadLetters && !signal.aborted; ) {
      deleted = await paced(() => deleteDeadLetters(pool, nowMs - days.deadLetters * dayMs, stepSizes.deadLetters), signal);
      expired.add(deleted, { kind: 'dead_letter' });
    }
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

async function* tenantsOf(
  { pool }: Database,
  table: Parameters<typeof findNextTenant>[1],
  days: RetentionDays,
  nowMs: number,
  signal: AbortSignal,
): AsyncGenerator<[tenantId: string, cutoffs: Cutoffs]> {
  let tenantId = await findNextTenant(pool, table, '');
  while (tenantId !== null && !signal.aborted) {
    yield [tenantId, cutoffsOf(await findRetention(pool, tenantId), days, nowMs)];
    tenantId = await findNextTenant(pool, table, tenantId);
  }
}

function cutoffsOf(settings: string | null, days: RetentionDays, nowMs: number): Cutoffs {
  const own = { ...defaultTenantSettings.retention, ...(JSON.parse(settings ?? '{}') as Partial<TenantSettings['retention']>) };
  const before = (kept: number | null) => nowMs - (kept ?? days.history) * dayMs;
  return { completed: before(own.completed_days), failed: before(own.failed_days), cancelled: before(own.cancelled_days) };
}

/** Statuses that are kept equally long go together. */
function byCutoff(cutoffs: Cutoffs): Map<number, string[]> {
  const statusesBy = new Map<number, string[]>();
  for (const [status, beforeMs] of Object.entries(cutoffs)) statusesBy.set(beforeMs, [...(statusesBy.get(beforeMs) ?? []), status]);
  return statusesBy;
}
