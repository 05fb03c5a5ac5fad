import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import type { Pool, ResultSetHeader } from 'mysql2/promise';
import type { Installation } from './installation.ts';

/** An action of a workflow that a test makes; those in its arms by the arms' names. */
export type ActionOverrides = Partial<ActionNode> &
  Pick<ActionNode, 'action_type' | 'action_config'> & { arms?: Record<string, ActionOverrides[]> };

/** Inserts a workflow with these actions, as the API would, and answers its first version. Nothing is published. */
export async function insertWorkflow(
  { database: { pool } }: Pick<Installation, 'database'>,
  tenantId: string,
  actions: ActionOverrides[],
  overrides: Partial<WorkflowVersion> = {},
): Promise<WorkflowVersion> {
  const name = overrides.name ?? `Workflow ${process.hrtime.bigint()}`;
  const [workflow] = await pool.query<ResultSetHeader>(
    `INSERT INTO workflows (tenant_id, name, enabled, on_disable, re_entry, version, created_at, updated_at) VALUES (?, ?, 1, 'finish', 'always', 1, now(3), now(3))`,
    [tenantId, name],
  );
  const nodes: ActionNode[] = [];
  await insertActions(pool, { tenantId, workflowId: workflow.insertId }, actions, { parent_id: null, arm: null }, nodes);
  const version: WorkflowVersion = {
    id: workflow.insertId,
    tenant_id: tenantId,
    version: 1,
    name,
    enabled: true,
    on_disable: 'finish',
    re_entry: 'always',
    cooldown_seconds: null,
    triggers: [],
    actions: nodes,
    waits_for: [],
    ...overrides,
  };
  await insertVersion(pool, version);
  return version;
}

/** Inserts a further version of a workflow. */
export async function insertVersion(pool: Pool, version: WorkflowVersion): Promise<void> {
  await pool.query('INSERT INTO workflow_versions (workflow_id, version, tenant_id, definition, created_at) VALUES (?, ?, ?, ?, now(3))', [
    version.id,
    version.version,
    version.tenant_id,
    JSON.stringify(version),
  ]);
}

async function insertActions(
  pool: Pool,
  of: { tenantId: string; workflowId: number },
  actions: readonly ActionOverrides[],
  place: Pick<ActionNode, 'parent_id' | 'arm'>,
  into: ActionNode[],
): Promise<void> {
  for (const [order, { arms = {}, ...action }] of actions.entries()) {
    const node: Omit<ActionNode, 'id'> = {
      name: `${action.action_type}_${into.length}`,
      order,
      delay_seconds: 0,
      conditions: null,
      retry_policy: null,
      timeout_seconds: null,
      on_error: 'fail',
      at_most_once: false,
      ...place,
      ...action,
    };
    const [inserted] = await pool.query<ResultSetHeader>(
      `INSERT INTO workflow_actions (tenant_id, workflow_id, parent_id, arm, name, action_type, action_config, action_order, delay_seconds, on_error,
         at_most_once, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now(3), now(3))`,
      [
        of.tenantId,
        of.workflowId,
        node.parent_id,
        node.arm,
        node.name,
        node.action_type,
        JSON.stringify(node.action_config),
        order,
        node.delay_seconds,
        node.on_error,
        node.at_most_once,
      ],
    );
    into.push({ id: inserted.insertId, ...node });
    for (const [arm, children] of Object.entries(arms)) {
      await insertActions(pool, of, children, { parent_id: inserted.insertId, arm }, into);
    }
  }
}
