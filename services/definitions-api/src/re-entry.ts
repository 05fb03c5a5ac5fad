import type { SqlEntityManager } from '@mikro-orm/mysql';
import { mayEnterAgain } from '@millrace/workflow';
import { tenantQuery } from './tenant-query.ts';
import { isoOf, type WorkflowView } from './workflow-view.ts';

interface EnrolmentRow {
  started_at: string;
  status: string | null;
}

/** Whether the workflow's `re_entry` and cool-down would let an entity start it now. Nothing is entered. */
export async function mayEnter(
  em: SqlEntityManager,
  workflow: WorkflowView,
  { entityType, entityId }: { entityType: string; entityId: string },
  nowMs: number,
): Promise<boolean> {
  if (workflow.re_entry === 'always' && workflow.cooldown_seconds === null) return true;
  const [last] = await tenantQuery<EnrolmentRow>(
    em,
    `select e.started_at, i.status from entity_enrolments e left join workflow_instances i on i.id = e.instance_id
      where e.tenant_id = :tenant and e.workflow_id = :workflowId and e.entity_type = :entityType and e.entity_id = :entityId`,
    { workflowId: workflow.id, entityType, entityId },
  );
  if (!last) return true;
  const isLive = last.status === 'pending' || last.status === 'running';
  return mayEnterAgain(workflow, Date.parse(isoOf(last.started_at)), isLive, nowMs);
}
