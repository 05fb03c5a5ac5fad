import type { Database } from '@millrace/db';
import type { ActionNode, WorkflowVersion } from '@millrace/workflow';

const triggerTypes = ['lead_created', 'lead_scored', 'task_completed'];
const rowsPerStatement = 1_000;

/**
 * Inserts a workflow for each owner, in this order and as the API leaves them but for the rows of its actions: `Workflow <n>`, every tenth
 * disabled, with a trigger of one of three types and three actions. Answers the first one's id; the others follow it.
 */
export async function insertManyWorkflows({ pool }: Pick<Database, 'pool'>, owners: readonly string[]): Promise<number> {
  const [last] = await pool.query('SELECT COALESCE(MAX(id), 0) AS id FROM workflows');
  const first = Number((last as { id: number }[])[0]?.id) + 1;
  const versions = owners.map((tenantId, index) => createVersion(first + index, tenantId, index));
  const insert = async (table: string, columns: string, values: unknown[][]) => {
    for (let from = 0; from < values.length; from += rowsPerStatement) {
      await pool.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [values.slice(from, from + rowsPerStatement)]);
    }
  };
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1_000);
  await insert(
    'workflows',
    'id, tenant_id, name, enabled, version, created_at, updated_at',
    versions.map(({ id, tenant_id, name, enabled }, index) => [id, tenant_id, name, enabled, 1, at(index), at(versions.length - index)]),
  );
  await insert(
    'workflow_triggers',
    'tenant_id, workflow_id, trigger_type, trigger_config',
    versions.map(({ id, tenant_id, triggers }) => [tenant_id, id, triggers[0]?.trigger_type, '{}']),
  );
  await insert(
    'workflow_versions',
    'workflow_id, version, tenant_id, definition',
    versions.map((version) => [version.id, 1, version.tenant_id, JSON.stringify(version)]),
  );
  return first;
}

function createVersion(id: number, tenantId: string, index: number): WorkflowVersion {
  const conditions = { all: [{ field: 'lead_score', operator: 'greater_than' as const, value: 80 }] };
  const trigger = { id, trigger_type: triggerTypes[index % triggerTypes.length] as string, trigger_config: {}, conditions };
  return {
    id,
    tenant_id: tenantId,
    version: 1,
    name: `Workflow ${index}`,
    enabled: index % 10 !== 0,
    on_disable: 'finish',
    re_entry: 'always',
    cooldown_seconds: null,
    triggers: [trigger],
    actions: [
      createAction(id, 0, 'create_task', { title: 'Follow up', assigned_to_id: 1 }),
      createAction(id, 1, 'add_tag', { tag: 'hot' }),
      createAction(id, 2, 'send_email', { to: '{{ lead.email }}', subject: 'Hello', text: 'Good to have you.' }),
    ],
    waits_for: [],
  };
}

function createAction(workflowId: number, order: number, type: string, config: ActionNode['action_config']): ActionNode {
  return {
    id: workflowId * 3 + order,
    parent_id: null,
    arm: null,
    name: `${type}_${order}`,
    action_type: type,
    action_config: config,
    order,
    delay_seconds: 0,
    conditions: null,
    retry_policy: null,
    timeout_seconds: null,
    on_error: 'fail',
    at_most_once: false,
  };
}
