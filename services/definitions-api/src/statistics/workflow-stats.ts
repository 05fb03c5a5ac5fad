import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { tenantQuery } from '../tenant-query.ts';
import { actionStatsSchema, findActionStats } from './action-stats.ts';
import { Durations, durationsSchema } from './durations.ts';
import { findStatuses, type Happened, happenedShape, rate, ratesOf, statusCounts, statusCountsShape, summed } from './instance-counts.ts';
import { findSeries, happenedOf, seriesShape } from './series.ts';
import { type StatWindow, startsOf, timeText } from './stat-window.ts';

const versionStatsSchema = z.strictObject({
  version: z.number().int().min(0),
  ...happenedShape,
  success_rate: rate,
  failure_rate: rate,
  duration_ms: durationsSchema,
});

/** Totals, statuses and rates are of all time; everything from `interval` on is about the window. Written from the execution log, so a little late. */
export const workflowStatsSchema = z.strictObject({
  workflow_id: rowId,
  ...statusCountsShape,
  ...seriesShape,
  /** From an instance's first start to its completion. */
  duration_ms: durationsSchema,
  /** The newest first. An instance counts for the version that it ran at the time. */
  versions: z.array(versionStatsSchema),
  actions: z.array(actionStatsSchema),
});

/** How a workflow's instances and actions go, from the roll-ups. */
export async function findWorkflowStats(
  em: SqlEntityManager,
  workflowId: number,
  window: StatWindow,
): Promise<z.input<typeof workflowStatsSchema>> {
  const byStatus = await findStatuses(em, workflowId);
  const { actions, durations, durationsByVersion } = await findActionStats(em, window, workflowId);
  const versions = await tenantQuery<Record<keyof Happened | 'version', number>>(
    em,
    `select version, ${summed(['started', 'completed', 'failed', 'cancelled'])} from workflow_stats
      where tenant_id = :tenant and period = 'day' and starts_at in (:days) and workflow_id = :workflowId group by version order by version desc`,
    { days: startsOf(window, 'day').map(timeText), workflowId },
  );
  return {
    workflow_id: workflowId,
    ...statusCounts(byStatus),
    ...(await findSeries(em, window, workflowId)),
    duration_ms: durations.view(),
    versions: versions.map((row) => {
      const happened = happenedOf(row);
      const ofVersion = durationsByVersion.get(row.version) ?? new Durations();
      return { version: row.version, ...happened, ...ratesOf(happened), duration_ms: ofVersion.view() };
    }),
    actions,
  };
}
