import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import type { ResultSetHeader } from 'mysql2/promise';
import type { Installation } from './installation.ts';

type ActionOverrides = Partial<ActionNode> & Pick<ActionNode, 'action_type' | 'action_config'>;

/** Inserts a workflow with these actions, as the API would, and answers its first version. Nothing is published. */
export async function insertWorkflow(
  { database: { pool } }: Installation,
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
  for (const [order, action] of actions.entries()) {
    const node: Omit<ActionNode, 'id'> = {
      parent_id: null,
      arm: null,
      name: `${action.action_type}_${order}`,
      order,
      delay_seconds: 0,
      conditions: null,
      retry_policy: null,
      timeout_seconds: null,
      on_error: 'fail',
      at_most_once: false,
      ...action,
    };
    const [inserted] = await pool.query<ResultSetHeader>(
      `INSERT INTO workflow_actions (tenant_id, workflow_id, name, action_type, action_config, action_order, delay_seconds, on_error, at_most_once, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, now(3), now(3))`,
      [
        tenantId,
        workflow.insertId,
        node.name,
        node.action_type,
        JSON.stringify(node.action_config),
        order,
        node.delay_seconds,
        node.on_error,
        node.at_most_once,
      ],
    );
    nodes.push({ id: inserted.insertId, ...node });
  }
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
  await pool.query(`INSERT INTO workflow_versions (workflow_id, version, tenant_id, definition, created_at) VALUES (?, 1, ?, ?, now(3))`, [
    workflow.insertId,
    tenantId,
    JSON.stringify(version),
  ]);
  return version;
}
