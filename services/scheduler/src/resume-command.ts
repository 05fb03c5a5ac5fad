import type { OutRecord } from '@millrace/bus';
import { type Codec, topics } from '@millrace/messages';

interface Row {
  id: string;
  tenantId: string;
  entityType: string;
  entityId: string;
  rowVersion: number;
}

/** ResumeInstance for a row as it was read, on its entity's partition. */
export async function encodeResume(codec: Codec, { id, tenantId, entityType, entityId, rowVersion }: Row): Promise<OutRecord> {
  const value = await codec.encode(topics.workflowCommands, {
    tenant_id: tenantId,
    instance_id: id,
    entity_type: entityType,
    entity_id: entityId,
    command: { 'millrace.ResumeInstance': { row_version: rowVersion } },
  });
  return { topic: topics.workflowCommands, tenantId, entityType, entityId, value };
}
