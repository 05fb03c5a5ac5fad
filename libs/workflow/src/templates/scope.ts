import { type EventView, leadOf } from '../event-view.ts';
import type { Json, JsonObject } from '../json.ts';

/** What templates may read beside the event. `nowMs` is fixed once per action. */
export interface ScopeParts {
  event: EventView;
  workflow: JsonObject;
  instance: JsonObject;
  tenant: JsonObject;
  actions: Record<string, Json>;
  variables: Record<string, Json>;
  nowMs: number;
}

/** A scope ready for rendering: reserved names first, then the data's own fields as bare names. */
export interface TemplateScope {
  reserved: object;
  data: object;
  /** Values by name, only of what is about to be sent; without them their places show. */
  secrets?: ReadonlyMap<string, string>;
}

/** Builds the scope of one action. Copies nothing: the parts must not change while it is used. */
export function createScope(parts: ScopeParts): TemplateScope {
  const { event } = parts;
  const reserved: object = Object.assign(Object.create(null), {
    event,
    data: event.data,
    previous: event.previous,
    lead: leadOf(event),
    workflow: parts.workflow,
    instance: parts.instance,
    tenant: parts.tenant,
    actions: parts.actions,
    variables: parts.variables,
    now: new Date(parts.nowMs).toISOString(),
  });
  return { reserved, data: event.data };
}
