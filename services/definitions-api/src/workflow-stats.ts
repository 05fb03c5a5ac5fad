import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { rowId } from './answer-schema.ts';
import { instanceStatuses } from './instance-view.ts';
import { tenantQuery } from './tenant-query.ts';

const count = z.number().int().min(0);
const rate = z.number().min(0).max(1).nullable();

export const workflowStatsSchema = z.strictObject({
  workflow_id: rowId,
  total: count,
  by_status: z.strictObject({ pending: count, running: count, completed: count, failed: count, cancelled: count }),
  /** Completed of all that have ended; null while none has. */
  success_rate: rate,
  /** Failed of all that have ended; null while none has. */
  failure_rate: rate,
});

type WorkflowStats = z.input<typeof workflowStatsSchema>;

/** How a workflow's instances end, counted from their rows. */
export async function findWorkflowStats(em: SqlEntityManager, workflowId: number): Promise<WorkflowStats> {
  const rows = await tenantQuery<{ status: string; count: number }>(
    em,
    `select status, count(*) as count from workflow_instances where tenant_id = :tenant and workflow_id = :workflowId group by status`,
    { workflowId },
  );
  const byStatus = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const status of instanceStatuses) byStatus[status] = Number(rows.find((row) => row.status === status)?.count ?? 0);
  const { completed, failed, cancelled } = byStatus;
  return {
    workflow_id: workflowId,
    total: Object.values(byStatus).reduce((sum, number) => sum + number, 0),
    by_status: byStatus,
    success_rate: rateOf(completed, completed + failed + cancelled),
    failure_rate: rateOf(failed, completed + failed + cancelled),
  };
}

function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
