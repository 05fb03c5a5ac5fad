import { eventView, instanceId, type StartInstance, topics, type WorkflowCommand } from '@millrace/messages';
import { type OutMessage, runSmartBatches } from './smart-batches.ts';

const mostEvents = 2_000;

// Events to starts: the one condition is in the code.
await runSmartBatches('matcher', topics.crmEvents, async ({ codec, versionByTenant, send }) => async (values) => {
  const commands: OutMessage[] = [];
  for (const [number, value] of values.splice(0, mostEvents).entries()) {
    const event = await codec.decode(topics.crmEvents, value);
    const version = versionByTenant.get(event.tenant_id);
    if (version === undefined || !('millrace.LeadCreated' in event.data)) continue;
    if ((event.data['millrace.LeadCreated'].lead_score ?? 0) < 10) continue;
    const start: StartInstance = {
      workflow_id: version.id,
      workflow_version: version.version,
      trigger_id: null,
      triggered_by: 'event',
      triggered_by_value: event.event_id,
      event: JSON.stringify(eventView(event)),
      blocked: null,
      origin_topic: null,
      origin_partition: null,
      origin_offset: null,
    };
    const command: WorkflowCommand = {
      tenant_id: event.tenant_id,
      instance_id: instanceId({ tenantId: event.tenant_id, workflowId: version.id, kind: 'event', originId: event.event_id }),
      entity_type: event.entity_type,
      entity_id: event.entity_id,
      command: { 'millrace.StartInstance': start },
    };
    const partition = number % topics.workflowCommands.partitions;
    commands.push({ key: event.tenant_id, value: await codec.encode(topics.workflowCommands, command), partition });
  }
  await send([[topics.workflowCommands, commands]]);
  return false;
});
