import type { Json, JsonObject } from './json.ts';

/** What an instance caused carries: from which root event, how deep, through which workflows. */
export interface CausationView {
  root_event_id: string;
  depth: number;
  workflow_ids: number[];
}

/** An event as conditions and templates see it: the envelope in plain JSON, times in ISO 8601. */
export interface EventView {
  event_id: string;
  event_type: string;
  entity_type: string;
  entity_id: string;
  occurred_at: string;
  source: string;
  bulk_id: string | null;
  causation: CausationView | null;
  data: Record<string, Json>;
  previous: Record<string, Json> | null;
}

/** The lead that an event is about: its `lead` where it carries one, a lead event's own data, else undefined. */
export function leadOf(event: EventView): JsonObject | undefined {
  const lead = Object.hasOwn(event.data, 'lead') ? event.data.lead : undefined;
  if (typeof lead === 'object' && lead !== null && !Array.isArray(lead)) return lead;
  return event.entity_type === 'lead' && event.event_type !== 'task_completed' ? event.data : undefined;
}

/** The id of the lead that an event is about; null where it has none. A number is taken as its text. */
export function leadIdOf(event: EventView): string | null {
  const id = Object.hasOwn(event.data, 'lead_id') ? event.data.lead_id : undefined;
  if (typeof id === 'string' && id !== '') return id;
  if (typeof id === 'number') return String(id);
  return event.entity_type === 'lead' && event.entity_id !== '' ? event.entity_id : null;
}
