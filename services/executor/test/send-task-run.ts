import { instanceId, type WorkflowCommand } from '@millrace/messages';
import { type Installation, sendCommands } from '@millrace/testing';
import { type JsonObject, taskEntityOf } from '@millrace/workflow';

export type TaskRunCommand = Extract<WorkflowCommand['command'], { 'millrace.RunScheduledTask': unknown }>['millrace.RunScheduledTask'];

export interface Task {
  id: number;
  tenantId: string;
  type: string;
  config: object;
}

export const dueMs = Date.parse('2026-11-24T09:00:00.000Z');

/** A task of this tenant's. */
export async function insertTask({ database }: Installation, task: Omit<Task, 'id'>): Promise<Task> {
  const { tenantId, type, config } = task;
  const row = {
    tenant_id: tenantId,
    name: `Task ${process.hrtime.bigint()}`,
    type,
    config: JSON.stringify(config),
    schedule: '0 9 * * *',
    enabled: true,
  };
  const [inserted] = await database.pool.query('insert into scheduled_tasks set ?', [row]);
  return { ...task, id: (inserted as { insertId: number }).insertId };
}

/** The command that the scheduler sends for an occurrence. */
export function aTaskRun({ id, tenantId, type, config }: Task, overrides: Partial<TaskRunCommand> = {}): WorkflowCommand {
  const due = overrides.due_at ?? dueMs;
  const command: TaskRunCommand = {
    task_id: id,
    task_type: type,
    task_config: JSON.stringify(config),
    task_revision: 1,
    due_at: due,
    workflow_id: null,
    workflow_version: null,
    overlap_policy: 'skip',
    max_retries: 0,
    retry_delay_seconds: 0,
    skip_reason: null,
    ...overrides,
  };
  const { entityType, entityId } = taskEntityOf(id, config as JsonObject);
  return {
    tenant_id: tenantId,
    instance_id: instanceId({ tenantId, workflowId: 0, kind: 'task', originId: `${id}@${due}` }),
    entity_type: entityType,
    entity_id: entityId,
    command: { 'millrace.RunScheduledTask': command },
  };
}

/** Sends an occurrence; answers its instance's id. */
export async function sendTaskRun(installation: Installation, task: Task, overrides: Partial<TaskRunCommand> = {}): Promise<string> {
  const command = aTaskRun(task, overrides);
  await sendCommands(installation, [command]);
  return command.instance_id;
}
