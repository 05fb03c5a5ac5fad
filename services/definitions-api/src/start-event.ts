import type { EventView, Json } from '@millrace/messages';
import { entityTypeOf } from '@millrace/workflow';

export interface TriggerRequest {
  triggered_by: string;
  triggered_by_value: string;
  additional_data: Record<string, Json>;
}

/** The event that a start by the API stands for: about the named entity, with the caller's data. */
export function startEvent(request: TriggerRequest, eventId: string, at: Date): EventView {
  const { triggered_by, triggered_by_value, additional_data } = request;
  const named = triggered_by === 'lead_id' && additional_data.lead_id === undefined ? { lead_id: triggered_by_value } : {};
  return {
    event_id: eventId,
    event_type: 'api',
    entity_type: entityTypeOf(triggered_by),
    entity_id: triggered_by_value,
    occurred_at: at.toISOString(),
    source: 'api',
    bulk_id: null,
    causation: null,
    data: { ...additional_data, ...named },
    previous: null,
  };
}
