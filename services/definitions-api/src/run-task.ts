import type { OutRecord } from '@millrace/bus';
import type { ScheduledTask } from '@millrace/db';
import { instanceId } from '@millrace/messages';
import { type JsonObject, taskEntityOf } from '@millrace/workflow';
import { commandRecord } from './commands.ts';
import type { Services } from './services.ts';

export interface TaskRun {
  instanceId: string;
  dueAt: Date;
  record: OutRecord;
}

/** The command that runs a task now, as an occurrence of its own. `workflowVersion` is that of its workflow, where it has one. */
export async function createTaskRun(task: ScheduledTask, workflowVersion: number | null, { codec, now }: Services): Promise<TaskRun> {
  const nowMs = now();
  // Never at a full second: that may be the due time of an occurrence, which is run once only.
  const dueMs = nowMs % 1_000 === 0 ? nowMs + 1 : nowMs;
  const id = instanceId({ tenantId: task.tenantId, workflowId: 0, kind: 'task', originId: `${task.id}@${dueMs}` });
  const { entityType, entityId } = taskEntityOf(task.id, task.config as JsonObject);
  const record = await commandRecord(codec, {
    tenant_id: task.tenantId,
    instance_id: id,
    entity_type: entityType,
    entity_id: entityId,
    command: {
      'millrace.RunScheduledTask': {
        task_id: task.id,
        task_type: task.type,
        task_config: JSON.stringify(task.config),
        task_revision: task.revision,
        due_at: dueMs,
        workflow_id: workflowVersion === null ? null : (task.workflowId ?? null),
        workflow_version: workflowVersion,
        overlap_policy: task.overlapPolicy,
        max_retries: task.maxRetries,
        retry_delay_seconds: task.retryDelaySeconds,
        skip_reason: null,
      },
    },
  });
  return { instanceId: id, dueAt: new Date(dueMs), record };
}
