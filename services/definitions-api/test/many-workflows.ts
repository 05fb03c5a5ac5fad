import type { Database } from '@millrace/db';
import { workflowBody } from './api-under-test.ts';

const triggerTypes = ['lead_created', 'lead_scored', 'task_completed'];
const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1_000);

/** Inserts workflows of a tenant as the API leaves them, many at a time. Their names count from 0; every tenth is disabled. */
export async function insertWorkflows({ pool }: Database, tenantId: string, count: number): Promise<void> {
  const [last] = await pool.query('select coalesce(max(id), 0) as id from workflows');
  const first = Number((last as { id: number }[])[0]?.id) + 1;
  const ids = Array.from({ length: count }, (_, index) => first + index);
  const insert = async (table: string, columns: string, rows: unknown[][]) => {
    for (let from = 0; from < rows.length; from += 1_000) {
      await pool.query(`insert into ${table} (${columns}) values ?`, [rows.slice(from, from + 1_000)]);
    }
  };
  await insert(
    'workflows',
    'id, tenant_id, name, description, enabled, version, created_at, updated_at',
    ids.map((id, index) => [id, tenantId, `Workflow ${index}`, null, index % 10 !== 0, 1, at(index), at(count - index)]),
  );
  await insert(
    'workflow_triggers',
    'id, tenant_id, workflow_id, trigger_type, trigger_config',
    ids.map((id, index) => [id, tenantId, id, triggerTypes[index % 3], '{}']),
  );
  await insert(
    'workflow_versions',
    'workflow_id, version, tenant_id, definition',
    ids.map((id, index) => [id, 1, tenantId, definitionOf(id, tenantId, triggerTypes[index % 3] as string)]),
  );
}

function definitionOf(id: number, tenantId: string, triggerType: string): string {
  const { actions } = workflowBody();
  const nodes = actions.map((action: { action_config: string }, order: number) => ({
    id: id * 10 + order,
    parent_id: null,
    arm: null,
    name: `create_task_${order}`,
    action_type: 'create_task',
    action_config: JSON.parse(action.action_config),
    order,
    delay_seconds: 300,
    conditions: null,
    retry_policy: null,
    timeout_seconds: null,
    on_error: 'fail',
    at_most_once: false,
  }));
  const triggers = [{ id, trigger_type: triggerType, trigger_config: {}, conditions: null }];
  return JSON.stringify({ id, tenant_id: tenantId, version: 1, name: '', enabled: true, triggers, actions: nodes, waits_for: [] });
}
