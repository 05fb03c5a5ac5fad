import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { ActionOutcome } from '@millrace/db';
import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { tenantQuery } from '../tenant-query.ts';
import { Durations, durationsSchema } from './durations.ts';
import { count, rate, rateOf } from './instance-counts.ts';
import { type StatWindow, startsOf, timeText } from './stat-window.ts';

/** How an action of a workflow went in a window. Each end counts, also that of an action which was retried by hand and ended again. */
export const actionStatsSchema = z.strictObject({
  action_id: rowId,
  action_name: z.string(),
  action_type: z.string(),
  /** Completed, failed or unknown. */
  executed: count,
  completed: count,
  failed: count,
  unknown: count,
  skipped: count,
  cancelled: count,
  /** Attempts that failed and were followed by another. */
  retried: count,
  duration_ms: durationsSchema,
  /** Of a branch, a split or a wait with a timeout: how often each of its lists was taken, and which share that is. */
  arms: z.array(z.strictObject({ name: z.string(), taken: count, share: rate })),
});

interface Row {
  version: number | string;
  action_id: number;
  outcome: ActionOutcome;
  arm: string;
  bucket: number;
  entries: number | string;
  duration_ms: number | string;
}

/** What happened to a workflow's actions in a window, and how long its instances took, by version and together. */
export interface ActionStats {
  actions: z.input<typeof actionStatsSchema>[];
  durations: Durations;
  durationsByVersion: ReadonlyMap<number, Durations>;
}

/** Those that the workflow has now, and whatever else was executed, in the order of their ids. */
export async function findActionStats(em: SqlEntityManager, window: StatWindow, workflowId: number): Promise<ActionStats> {
  const rows = await tenantQuery<Row>(
    em,
    `select if(action_id = 0, version, 0) as version, action_id, outcome, arm, bucket, sum(entries) as entries, sum(duration_ms) as duration_ms
       from workflow_action_stats where tenant_id = :tenant and starts_at in (:days) and workflow_id = :workflowId
      group by if(action_id = 0, version, 0), action_id, outcome, arm, bucket`,
    { days: startsOf(window, 'day').map(timeText), workflowId },
  );
  const named = await tenantQuery<{ id: number; name: string; action_type: string; is_deleted: number }>(
    em,
    `select id, name, action_type, deleted_at is not null as is_deleted from workflow_actions
      where tenant_id = :tenant and workflow_id = :workflowId order by id`,
    { workflowId },
  );
  const rowsById = Map.groupBy(rows, (row) => Number(row.action_id));
  const durationsByVersion = new Map<number, Durations>();
  const durations = new Durations();
  for (const row of rowsById.get(0) ?? []) {
    const version = Number(row.version);
    const ofVersion = durationsByVersion.get(version) ?? new Durations();
    durationsByVersion.set(version, ofVersion);
    for (const each of [durations, ofVersion]) each.add(row.bucket, Number(row.entries), Number(row.duration_ms));
  }
  return {
    actions: named
      .filter(({ id, is_deleted: isDeleted }) => !isDeleted || rowsById.has(Number(id)))
      .map(({ id, name, action_type }) =>
        actionStats({ action_id: Number(id), action_name: name, action_type }, rowsById.get(Number(id)) ?? []),
      ),
    durations,
    durationsByVersion,
  };
}

function actionStats(
  action: { action_id: number; action_name: string; action_type: string },
  rows: readonly Row[],
): z.input<typeof actionStatsSchema> {
  const counts: Record<ActionOutcome, number> = { completed: 0, failed: 0, unknown: 0, skipped: 0, cancelled: 0, retried: 0, arm: 0 };
  const durations = new Durations();
  for (const { outcome, bucket, entries, duration_ms: durationMs } of rows) {
    counts[outcome] += Number(entries);
    if (outcome === 'completed') durations.add(bucket, Number(entries), Number(durationMs));
  }
  const { arm: taken, ...outcomes } = counts;
  const arms = rows.filter(({ outcome }) => outcome === 'arm').toSorted((a, b) => (a.arm < b.arm ? -1 : 1));
  return {
    ...action,
    executed: counts.completed + counts.failed + counts.unknown,
    ...outcomes,
    duration_ms: durations.view(),
    arms: arms.map(({ arm: name, entries }) => ({ name, taken: Number(entries), share: rateOf(Number(entries), taken) })),
  };
}
