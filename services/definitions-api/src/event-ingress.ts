import { randomUUID } from 'node:crypto';
import type { OutRecord } from '@millrace/bus';
import { topics } from '@millrace/messages';
import { currentTraceparent, RetryableError } from '@millrace/runtime';
import { z } from 'zod';
import { acknowledgedWithinMs, within } from './acknowledged.ts';
import { crmEvent } from './crm-event.ts';
import { checkEvent } from './event-request.ts';
import { type Fault, faultSchema } from './problem.ts';
import type { Services } from './services.ts';

/** What became of one event: `unavailable` may be sent again, under the same id it starts nothing twice. */
export const eventResultSchema = z.strictObject({
  status: z.enum(['accepted', 'rejected', 'unavailable']),
  /** Null where the event has no acceptable one. */
  event_id: z.string().nullable(),
  errors: z.array(faultSchema).optional(),
});

export type EventResult = z.input<typeof eventResultSchema>;

const mostEventBytes = 256 * 1024;

/** Checks events as posted and writes the good ones to `crm.events`, those of one entity in the order given. */
export async function acceptEvents(inputs: readonly unknown[], tenantId: string, services: Services): Promise<EventResult[]> {
  const ready: (EventResult | { eventId: string; record: OutRecord })[] = [];
  for (const input of inputs) ready.push(await prepareEvent(input, tenantId, services));
  // Sent without a pause in between, so that the sender has them in this order.
  return Promise.all(ready.map((event) => ('record' in event ? sendEvent(event, services) : event)));
}

async function prepareEvent(input: unknown, tenantId: string, { codec, now }: Services) {
  const checked = checkEvent(input);
  if (!checked.ok) return rejected(givenId(input), checked.errors);
  const event = crmEvent(checked.value, { tenantId, eventId: randomUUID(), nowMs: now() });
  const value = await codec.encode(topics.crmEvents, event);
  if (value.length > mostEventBytes) {
    const message = `Expected an event of at most 256 KB, but it has ${value.length} bytes`;
    return rejected(event.event_id, [{ path: '', code: 'event_too_large', message }]);
  }
  const traceparent = currentTraceparent();
  const record: OutRecord = {
    topic: topics.crmEvents,
    tenantId,
    entityType: event.entity_type,
    entityId: event.entity_id,
    value,
    ...(traceparent ? { headers: { traceparent } } : {}),
  };
  return { eventId: event.event_id, record };
}

async function sendEvent({ eventId, record }: { eventId: string; record: OutRecord }, { sender }: Services): Promise<EventResult> {
  try {
    await within(acknowledgedWithinMs, sender.send(record));
    return { status: 'accepted', event_id: eventId };
  } catch (error) {
    if (error instanceof RetryableError) return { status: 'unavailable', event_id: eventId };
    throw error;
  }
}

function rejected(eventId: string | null, errors: Fault[]): EventResult {
  return { status: 'rejected', event_id: eventId, errors };
}

function givenId(input: unknown): string | null {
  const id = typeof input === 'object' && input !== null && 'event_id' in input ? input.event_id : null;
  return typeof id === 'string' ? id.slice(0, 128) : null;
}
