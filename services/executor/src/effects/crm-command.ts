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
    const value = await crm.codec.encode(topics.crmCommands, {
      command_id: call.actionKey,
      tenant_id: call.tenantId,
      entity_type: call.entityType,
      entity_id: call.entityId,
      issued_at: call.nowMs,
      causation: call.causation,
      command: toCommand(call.input, call),
    });
    await crm.publisher.publish({
      topic: topics.crmCommands,
      tenantId: call.tenantId,
      entityType: call.entityType,
      entityId: call.entityId,
      value,
      ...(call.traceparent === undefined ? {} : { headers: { traceparent: call.traceparent } }),
    });
    return { command_id: call.actionKey };
  };
}
