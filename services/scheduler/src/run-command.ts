import type { OutRecord } from '@millrace/bus';
import type { DueTask } from '@millrace/db';
import { type Codec, instanceId, topics } from '@millrace/messages';
import { type JsonObject, taskEntityOf } from '@millrace/workflow';
import type { Occurrence } from './decide-occurrences.ts';

/** Why a task of type workflow can't run now, whatever its schedule says. */
function reasonNotToRun({ type, workflowState }: DueTask): string | null {
  if (type !== 'workflow' || workflowState === 'enabled') return null;
  return `workflow_${workflowState ?? 'missing'}`;
}

/** RunScheduledTask for an occurrence, run or skipped. The same occurrence is the same instance, whoever sends it. */
export async function encodeRun(codec: Codec, task: DueTask, { dueMs, skipReason }: Occurrence): Promise<OutRecord> {
  const entity = taskEntityOf(task.id, JSON.parse(task.config) as JsonObject);
  // A deleted workflow gets no new instance that refers to it: its rows could never be removed.
  const exists = task.type === 'workflow' && task.workflowState !== null && task.workflowState !== 'deleted';
  const value = await codec.encode(topics.workflowCommands, {
    tenant_id: task.tenantId,
    instance_id: instanceId({ tenantId: task.tenantId, workflowId: 0, kind: 'task', originId: `${task.id}@${dueMs}` }),
    entity_type: entity.entityType,
    entity_id: entity.entityId,
    command: {
      'millrace.RunScheduledTask': {
        task_id: task.id,
        task_type: task.type,
        task_config: task.config,
        task_revision: task.revision,
        due_at: dueMs,
        workflow_id: exists ? task.workflowId : null,
        workflow_version: exists ? task.workflowVersion : null,
        overlap_policy: task.overlapPolicy,
        max_retries: task.maxRetries,
        retry_delay_seconds: task.retryDelaySeconds,
        skip_reason: skipReason ?? reasonNotToRun(task),
      },
    },
  });
  return { topic: topics.workflowCommands, tenantId: task.tenantId, ...entity, value };
}
