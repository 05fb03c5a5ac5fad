import type { WorkflowCommand } from '@millrace/messages';
import { acknowledgedWithinMs, within } from './acknowledged.ts';
import { commandRecord } from './commands.ts';
import { type InstanceRow, type InstanceView, instanceView } from './instance-view.ts';
import type { Reply } from './route.ts';
import type { Services } from './services.ts';

/** Sends a command to an instance's executor. Resolves once the broker has it; RetryableError where it doesn't answer. */
export async function sendToInstance(
  row: InstanceRow,
  tenantId: string,
  command: WorkflowCommand['command'],
  { codec, sender }: Services,
): Promise<Reply<InstanceView>> {
  const record = await commandRecord(codec, {
    tenant_id: tenantId,
    instance_id: row.id,
    entity_type: row.entityType,
    entity_id: row.entityId,
    command,
  });
  await within(acknowledgedWithinMs, sender.send(record));
  const ofWorkflow = row.workflowId === null || row.workflowId === undefined ? '' : `/workflows/${row.workflowId}`;
  return { body: instanceView(row), headers: { Location: `/api/v1${ofWorkflow}/instances/${row.id}` } };
}
