import { type Codec, customEventOf, topics } from '@millrace/messages';
import type { ActionInputOf } from '@millrace/workflow';
import type { Publisher } from '../publisher.ts';
import type { Effect } from './effect.ts';

/** A custom event about the instance's entity; its id is the action key, so that whoever it starts drops repeats. */
export const emitEvent =
  ({ publisher, codec }: { publisher: Publisher; codec: Codec }): Effect<ActionInputOf<'emit_event'>> =>
  async ({ tenantId, entityType, entityId, actionKey, input, nowMs, causation, traceparent }) => {
    const value = await codec.encode(topics.workflowEvents, {
      event_id: actionKey,
      tenant_id: tenantId,
      event_type: input.event_name,
      entity_type: entityType,
      entity_id: entityId,
      occurred_at: nowMs,
      source: 'workflow',
      bulk_id: null,
      causation,
      data: customEventOf(input.data),
      previous: null,
    });
    await publisher.publish({
      topic: topics.workflowEvents,
      tenantId,
      entityType,
      entityId,
      value,
      ...(traceparent === undefined ? {} : { headers: { traceparent } }),
    });
    return { event_id: actionKey };
  };
