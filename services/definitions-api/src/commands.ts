import type { OutRecord } from '@millrace/bus';
import { type Codec, topics, type WorkflowCommand } from '@millrace/messages';
import { currentTraceparent } from '@millrace/runtime';

/** A command as a record: keyed by tenant, on the partition of the instance's entity. */
export async function commandRecord(codec: Codec, command: WorkflowCommand): Promise<OutRecord> {
  const traceparent = currentTraceparent();
  return {
    topic: topics.workflowCommands,
    tenantId: command.tenant_id,
    entityType: command.entity_type,
    entityId: command.entity_id,
    value: await codec.encode(topics.workflowCommands, command),
    ...(traceparent ? { headers: { traceparent } } : {}),
  };
}
