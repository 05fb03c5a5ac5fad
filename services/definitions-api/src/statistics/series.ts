import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { instant } from '../answer-schema.ts';
import { tenantQuery } from '../tenant-query.ts';
import { type Happened, happenedShape, summed } from './instance-counts.ts';
import { type StatWindow, startsOf, timeText } from './stat-window.ts';

/** The window that the statistics are about, and what happened in each of its hours or days, also in those without anything. */
export const seriesShape = {
  interval: z.enum(['hour', 'day']),
  from: instant,
  /** Excluded. */
  to: instant,
  series: z.array(z.strictObject({ at: instant, ...happenedShape })),
};

const nothing: Happened = { started: 0, completed: 0, failed: 0, cancelled: 0 };

/** Of a workflow; 0: of the whole tenant. Its points are looked up one by one, so other workflows and times cost nothing. */
export async function findSeries(em: SqlEntityManager, window: StatWindow, workflowId: number) {
  const { interval, fromMs, toMs } = window;
  const starts = startsOf(window, interval);
  const rows = await tenantQuery<Record<keyof Happened | 'at_seconds', number>>(
    em,
    `select timestampdiff(second, '1970-01-01', starts_at) as at_seconds, ${summed(['started', 'completed', 'failed', 'cancelled'])}
       from workflow_stats
      where tenant_id = :tenant and period = :interval and starts_at in (:starts) and workflow_id = :workflowId group by starts_at`,
    { interval, starts: starts.map(timeText), workflowId },
  );
  const rowByMs = new Map(rows.map((row) => [Number(row.at_seconds) * 1_000, happenedOf(row)]));
  return {
    interval,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    series: starts.map((ms) => ({ at: new Date(ms).toISOString(), ...(rowByMs.get(ms) ?? nothing) })),
  };
}

export function happenedOf({ started, completed, failed, cancelled }: Record<keyof Happened, number | string>): Happened {
  return { started: Number(started), completed: Number(completed), failed: Number(failed), cancelled: Number(cancelled) };
}
