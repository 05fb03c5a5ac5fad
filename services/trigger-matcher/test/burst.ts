import { type CrmEvent, topics, type WorkflowCommand } from '@millrace/messages';
import { aLeadCreated, eventually } from '@millrace/testing';
import { expect } from 'vitest';
import { aDefinition } from './definitions.ts';
import type { MatcherUnderTest } from './matcher-under-test.ts';

const tenants = ['t1', 't2', 't3', 't4', 't5', 't6'];

/** One workflow a tenant, for every new lead. */
export const definitions = (version = 1) => tenants.map((tenant_id) => aDefinition({ tenant_id, version }));

/** Events of all tenants, from the `from`-th on. */
export function eventsOf(count: number, from = 0): CrmEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + index;
    return aLeadCreated({ tenant_id: tenants[at % tenants.length] as string, event_id: `event-${at}`, entity_id: `lead-${at % 500}` });
  });
}

/** Tenant and event of a start. */
export function nameOf({ tenant_id, command }: WorkflowCommand): string {
  if (!('millrace.StartInstance' in command)) throw new Error('Expected a start, but got another command');
  return `${tenant_id} ${command['millrace.StartInstance'].triggered_by_value}`;
}

export function namesOf(events: readonly CrmEvent[]): string[] {
  return events.map(({ tenant_id, event_id }) => `${tenant_id} ${event_id}`).sort();
}

/** Resolves with all commands once each event has one. */
export function startedAll({ commands }: MatcherUnderTest, events: readonly CrmEvent[]): Promise<WorkflowCommand[]> {
  return eventually(
    async () => {
      const found = await commands.values();
      expect([...new Set(found.map(nameOf))].sort()).toEqual(namesOf(events));
      return found;
    },
    { everyMs: 250 },
  );
}

/** Publishes events in many small sends. */
export async function publishBurst(under: MatcherUnderTest, events: readonly CrmEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += 100) await under.publish(topics.crmEvents, ...events.slice(from, from + 100));
}
