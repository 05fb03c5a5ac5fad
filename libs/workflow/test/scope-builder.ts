import type { EventView } from '../src/event-view.ts';
import type { Json } from '../src/json.ts';
import { createScope, type ScopeParts, type TemplateScope } from '../src/templates/scope.ts';
import { anEvent, now } from './event-builder.ts';

/** The scope of an action of a `lead_created` event with this data. */
export function aScope(data: Record<string, Json> = {}, parts: Partial<ScopeParts> & { event?: EventView } = {}): TemplateScope {
  return createScope({
    event: anEvent({ data }),
    workflow: { id: 7, name: 'Welcome' },
    instance: { id: 'i-1' },
    tenant: { id: 'acme' },
    actions: {},
    variables: {},
    nowMs: now,
    ...parts,
  });
}
