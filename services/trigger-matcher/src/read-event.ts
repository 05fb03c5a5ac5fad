import type { InRecord } from '@millrace/bus';
import { type Codec, type CrmEvent, type EventView, eventView, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';

export interface ReadEvent {
  tenantId: string;
  event: EventView;
}

const largestEventBytes = 256 * 1024;
const tenantPattern = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Decodes and checks an event. Throws TerminalError for what never will be one: `undecodable` and the codes of checkEvent;
 * RetryableError while the registry is away.
 */
export async function readEvent(codec: Codec, record: InRecord): Promise<ReadEvent> {
  const size = record.value?.length ?? 0;
  if (size > largestEventBytes)
    throw new TerminalError('event_too_large', `Expected at most ${largestEventBytes} bytes, but the event has ${size}`);
  const topic = record.topic === topics.workflowEvents.name ? topics.workflowEvents : topics.crmEvents;
  return checkEvent(await codec.decode<CrmEvent>(topic, record.value), record.key);
}

/** Checks what the schema can't. Throws TerminalError `tenant_mismatch`, `event_invalid` and those of eventView. */
export function checkEvent(event: CrmEvent, recordKey: Buffer | null): ReadEvent {
  const key = recordKey?.toString('utf8') ?? '';
  if (key !== event.tenant_id)
    throw new TerminalError('tenant_mismatch', `Expected the key to be the tenant ${event.tenant_id}, but it is ${key || 'empty'}`);
  if (!tenantPattern.test(key)) throw invalid('a tenant_id of 1 to 64 of A-Z a-z 0-9 . _ -', key);
  checkLength('event_id', event.event_id, 128);
  checkLength('event_type', event.event_type, 128);
  checkLength('entity_type', event.entity_type, 64);
  checkLength('entity_id', event.entity_id, 128);
  return { tenantId: event.tenant_id, event: eventView(event) };
}

function checkLength(field: string, text: string, longest: number): void {
  if (text.length === 0 || text.length > longest) throw invalid(`an ${field} of 1 to ${longest} characters`, `${text.length} characters`);
}

function invalid(expected: string, found: string): TerminalError {
  return new TerminalError('event_invalid', `Expected ${expected}, but got ${found.slice(0, 200)}`);
}
