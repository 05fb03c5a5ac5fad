import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { tenantQuery } from '../tenant-query.ts';
import { findStatuses, type Happened, happenedShape, rate, ratesOf, statusCounts, statusCountsShape, summed } from './instance-counts.ts';
import { findSeries, happenedOf, seriesShape } from './series.ts';
import { type StatWindow, timeText } from './stat-window.ts';

/**
 * Totals, statuses and rates are of all time, runs of scheduled tasks and what was deleted included; everything from `interval` on is about the
 * window.
 */
export const tenantStatsSchema = z.strictObject({
  ...statusCountsShape,
  ...seriesShape,
  /** Those with the most starts in the window, the first first. */
  workflows: z.array(z.strictObject({ workflow_id: rowId, name: z.string(), ...happenedShape, success_rate: rate, failure_rate: rate })),
});

/** How a tenant's instances go, from the roll-ups, with its `top` busiest workflows. */
export async function findTenantStats(em: SqlEntityManager, window: StatWindow, top: number): Promise<z.input<typeof tenantStatsSchema>> {
  const byStatus = await findStatuses(em, 0);
  const rows = await tenantQuery<Record<keyof Happened | 'workflow_id', number> & { name: string }>(
    em,
    `select workflow_id, name, ${summed(['started', 'completed', 'failed', 'cancelled'])}
       from workflow_stats join workflows on workflows.id = workflow_stats.workflow_id and deleted_at is null
      where workflow_stats.tenant_id = :tenant and period = 'day' and starts_at >= :from and starts_at < :to
      group by workflow_id, name order by sum(started) desc, workflow_id limit ${top}`,
    { from: timeText(window.fromMs), to: timeText(window.toMs) },
  );
  return {
    ...statusCounts(byStatus),
    ...(await findSeries(em, window, 0)),
    workflows: rows.map((row) => {
      const happened = happenedOf(row);
      return { workflow_id: Number(row.workflow_id), name: row.name, ...happened, ...ratesOf(happened) };
    }),
  };
}
