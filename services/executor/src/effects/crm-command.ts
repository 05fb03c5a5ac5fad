import { type Codec, type CrmCommand, topics } from '@millrace/messages';
import type { Publisher } from '../publisher.ts';
import type { Call, Effect } from './effect.ts';

/** What the effects on `crm.commands` share. */
export interface CrmEffects {
  publisher: Publisher;
  codec: Codec;
}

/** An effect that publishes one CRM command; its id is the action key, so that the CRM drops repeats. Done when the brokers have it. */
export function crmEffect<Input>(crm: CrmEffects, toCommand: (input: Input, call: Call<Input>) => CrmCommand['command']): Effect<Input> {
  return async (call) => {
    const command = toCommand(call.input, call);
    const { entityType, entityId } = entityOf(call, command);
    const value = await crm.codec.encode(topics.crmCommands, {
      command_id: call.actionKey,
      tenant_id: call.tenantId,
      entity_type: entityType,
      entity_id: entityId,
      issued_at: call.nowMs,
      causation: call.causation,
      command,
    });
    await crm.publisher.publish({
      topic: topics.crmCommands,
      tenantId: call.tenantId,
      entityType,
      entityId,
      value,
      ...(call.traceparent === undefined ? {} : { headers: { traceparent: call.traceparent } }),
    });
    return { command_id: call.actionKey };
  };
}

/** What the instance is about. A scheduled task that names no record is about the lead that its command names: commands to it keep their order. */
function entityOf({ entityType, entityId }: Call<unknown>, command: CrmCommand['command']): { entityType: string; entityId: string } {
  const [{ lead_id: leadId = null }] = Object.values(command) as [{ lead_id?: string | null }];
  return entityType === 'scheduled_task' && leadId !== null ? { entityType: 'lead', entityId: leadId } : { entityType, entityId };
}
