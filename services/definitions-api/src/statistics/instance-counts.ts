import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { instanceStatuses } from '../instance-view.ts';
import { tenantQuery } from '../tenant-query.ts';

export const count = z.number().int().min(0);
/** From 0 to 1, in steps of 0.0001. */
export const rate = z.number().min(0).max(1).nullable();

export const byStatusSchema = z.strictObject({ pending: count, running: count, completed: count, failed: count, cancelled: count });
export type ByStatus = z.input<typeof byStatusSchema>;

/** How a workflow's or a tenant's instances are now, those that retention has removed included. */
export const statusCountsShape = {
  total: count,
  by_status: byStatusSchema,
  /** Completed of all that have ended; null while none has. */
  success_rate: rate,
  /** Failed of all that have ended; null while none has. */
  failure_rate: rate,
};

/** What happened in a period: each start and each end, also of an instance that was retried by hand and ended again. */
export interface Happened {
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
}

export const happenedShape = { started: count, completed: count, failed: count, cancelled: count };

interface AllTime extends Happened {
  retried: number;
}

/** Columns of workflow_stats, summed, as they are selected. */
export const summed = (columns: readonly (keyof AllTime)[]) =>
  columns.map((column) => `cast(sum(${column}) as signed) as ${column}`).join(', ');

/**
 * How many instances a workflow (0: the whole tenant) has in each status. Those that have begun come from the roll-ups, so they are as late as
 * the execution log; those that wait for an executor from their rows.
 */
export async function findStatuses(em: SqlEntityManager, workflowId: number): Promise<ByStatus> {
  const [all] = await tenantQuery<Partial<Record<keyof AllTime, number | null>>>(
    em,
    `select ${summed(['started', 'completed', 'failed', 'cancelled', 'retried'])} from workflow_stats
      where tenant_id = :tenant and period = 'all' and starts_at = '1970-01-01' and workflow_id = :workflowId`,
    { workflowId },
  );
  const [waiting] = await tenantQuery<{ pending: number }>(
    em,
    `select count(*) as pending from workflow_instances force index (workflow_instances_status_wake)
      where status = 'pending' and tenant_id = :tenant ${workflowId === 0 ? '' : 'and workflow_id = :workflowId'}`,
    { workflowId },
  );
  const of = (name: keyof AllTime) => Number(all?.[name] ?? 0);
  // An entry that was dead-lettered is missing in what it ended or began.
  return {
    pending: Number(waiting?.pending ?? 0),
    running: Math.max(0, of('started') + of('retried') - of('completed') - of('failed') - of('cancelled')),
    completed: of('completed'),
    failed: Math.max(0, of('failed') - of('retried')),
    cancelled: of('cancelled'),
  };
}

/** As findStatuses, without what was deleted: how many have a row. */
export async function findStatusesLeft(em: SqlEntityManager, workflowId: number): Promise<ByStatus> {
  const all = await findStatuses(em, workflowId);
  const removed = await tenantQuery<{ status: string; instances: number }>(
    em,
    'select status, instances from removed_instances where tenant_id = :tenant and workflow_id = :workflowId',
    { workflowId },
  );
  const left = { ...all };
  for (const status of instanceStatuses) {
    left[status] = Math.max(0, all[status] - Number(removed.find((row) => row.status === status)?.instances ?? 0));
  }
  return left;
}

export function sumOf(byStatus: ByStatus): number {
  return instanceStatuses.reduce((sum, status) => sum + byStatus[status], 0);
}

export function statusCounts(byStatus: ByStatus) {
  return { total: sumOf(byStatus), by_status: byStatus, ...ratesOf(byStatus) };
}

export function ratesOf({ completed, failed, cancelled }: Pick<ByStatus, 'completed' | 'failed' | 'cancelled'>) {
  const ended = completed + failed + cancelled;
  return { success_rate: rateOf(completed, ended), failure_rate: rateOf(failed, ended) };
}

export function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
