import type { SqlEntityManager } from '@mikro-orm/mysql';
import { parseJson, Workflow } from '@millrace/db';
import type { ActionNode } from '@millrace/workflow';
import type { StoredDefinition } from './definition.ts';
import type { Page } from './pagination.ts';
import { notFound } from './problem.ts';
import { tenantQuery } from './tenant-query.ts';
import { type WorkflowRow, type WorkflowView, workflowView } from './workflow-view.ts';

/** What a list of workflows may be asked for; `name` is a part of it, in any case. */
export interface WorkflowFilter {
  triggerType?: string | undefined;
  enabled?: boolean | undefined;
  name?: string | undefined;
}

/** Orders of a list, by the text that asks for them. Ids decide where the rest is the same. */
export const workflowOrders = {
  '-created_at': 'w.created_at desc, w.id desc',
  created_at: 'w.created_at, w.id',
  '-updated_at': 'w.updated_at desc, w.id desc',
  updated_at: 'w.updated_at, w.id',
  name: 'w.name',
  '-name': 'w.name desc',
};

export type WorkflowOrder = keyof typeof workflowOrders;

/** A workflow with its newest version: one statement, since this is the read that the API does most. */
export const selectWorkflows = `select w.id, w.name, w.description, w.enabled, w.on_disable, w.re_entry, w.cooldown_seconds, w.version, w.created_by,
    w.published_at, w.created_at, w.updated_at, v.definition
  from workflows w join workflow_versions v on v.workflow_id = w.id and v.version = w.version`;

const whereLive = 'w.tenant_id = :tenant and w.id = :id and w.deleted_at is null';

export async function findWorkflow(em: SqlEntityManager, id: number): Promise<WorkflowView | null> {
  const [row] = await tenantQuery<WorkflowRow>(
    em,
    `${selectWorkflows} where w.tenant_id = :tenant and w.id = :id and w.deleted_at is null`,
    { id },
  );
  return row ? workflowView(row) : null;
}

/** Throws the 404 of a workflow that isn't there. */
export async function getWorkflow(em: SqlEntityManager, id: number): Promise<WorkflowView> {
  const workflow = await findWorkflow(em, id);
  if (!workflow) throw notFound();
  return workflow;
}

/** All actions of the newest version with its number, those in arms too. Throws the 404 of a workflow that isn't there. */
export async function getActionNodes(em: SqlEntityManager, id: number): Promise<{ version: number; actions: ActionNode[] }> {
  const [row] = await tenantQuery<WorkflowRow>(em, `${selectWorkflows} where ${whereLive}`, { id });
  if (!row) throw notFound();
  return { version: row.version, actions: parseJson<StoredDefinition>(row.definition).actions };
}

/** Throws the 404 of a workflow that isn't there. */
export async function requireWorkflow(em: SqlEntityManager, id: number): Promise<void> {
  if (!(await em.findOne(Workflow, { id, deletedAt: null }, { fields: ['id'] }))) throw notFound();
}

export async function listWorkflows(
  em: SqlEntityManager,
  filter: WorkflowFilter,
  order: WorkflowOrder,
  { limit, offset }: Page,
): Promise<{ items: WorkflowView[]; total: number }> {
  const { from, where, values } = searchOf(filter);
  const [counted] = await tenantQuery<{ total: number }>(em, `select count(*) as total from ${from} where ${where}`, values);
  const total = Number(counted?.total ?? 0);
  if (total <= offset) return { items: [], total };
  // The page is chosen first, by an index, so that definitions are read only of what is shown.
  const page = `select w.id from ${from} where ${where} order by ${workflowOrders[order]} limit :limit offset :offset`;
  const rows = await tenantQuery<WorkflowRow>(
    em,
    `${selectWorkflows} join (${page}) page on page.id = w.id order by ${workflowOrders[order]}`,
    { ...values, limit, offset },
  );
  return { items: rows.map(workflowView), total };
}

function searchOf({ triggerType, enabled, name }: WorkflowFilter) {
  const conditions = ['w.tenant_id = :tenant', 'w.deleted_at is null'];
  if (enabled !== undefined) conditions.push('w.enabled = :enabled');
  if (name !== undefined) conditions.push("w.name collate utf8mb4_general_ci like :name escape '!'");
  if (triggerType !== undefined) {
    conditions.push(`w.id in (select t.workflow_id from workflow_triggers t
      where t.tenant_id = :tenant and t.trigger_type = :triggerType and t.deleted_at is null)`);
  }
  // A part of a name is looked for in the index alone; left to itself, the optimizer reads the rows.
  const hint = name !== undefined && triggerType === undefined ? ' force index (workflows_live_name)' : '';
  return {
    from: `workflows w${hint}`,
    where: conditions.join(' and '),
    values: {
      ...(enabled === undefined ? {} : { enabled }),
      ...(name === undefined ? {} : { name: `%${name.replaceAll(/[!%_]/g, '!$&')}%` }),
      ...(triggerType === undefined ? {} : { triggerType }),
    },
  };
}
