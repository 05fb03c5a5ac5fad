import type { Bus } from '@millrace/bus';
import { type EventView, eventView, type Topic, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import type { ExpectedStart, ExpectStarts } from './expected-starts.ts';
import type { GroupProgress } from './group-progress.ts';
import type { Letters } from './letters.ts';
import { readTopic } from './read-topic.ts';

/** A record of a topic of events. */
export interface EventRecord {
  place: string;
  /** `<tenant>|<event id>`; of what can't be read, its place: no other record is the same event. */
  identity: string;
  isReadable: boolean;
  isDone: boolean;
  isDeadLettered: boolean;
  /** What it must have started; only of those that the matcher is done with. */
  expected: ExpectedStart[];
}

export const eventTopics: readonly Topic<unknown>[] = [topics.crmEvents, topics.workflowEvents];

/** Of older ones the commands may be gone already, as topics drop their oldest in pieces. */
const mostAgeMs = topics.crmEvents.retentionMs - 24 * 3_600_000;

export async function readEvents(bus: Bus, progress: GroupProgress, letters: Letters, expectStarts: ExpectStarts): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  const readAtMs = Date.now();
  const readAll = eventTopics.map((topic) =>
    readTopic(bus, topic, async ({ place, partition, offset, timestampMs, key, value }) => {
      const isDone = progress.isDone(topic.name, partition, offset);
      const isDeadLettered = letters.byOrigin.has(place);
      const event = await readEvent(bus, key, value);
      const isAsked = event !== null && isDone && !isDeadLettered && timestampMs > readAtMs - mostAgeMs;
      events.push({
        place,
        identity: event === null ? place : `${key}|${event.event_id}`,
        isReadable: event !== null,
        isDone,
        isDeadLettered,
        expected: isAsked ? expectStarts(key, event, timestampMs) : [],
      });
    }),
  );
  await Promise.all(readAll);
  return events;
}

/** null for what never will be an event of the tenant that the key names. */
async function readEvent(bus: Bus, key: string, value: Buffer | null): Promise<EventView | null> {
  try {
    const event = await bus.codec.decode(topics.crmEvents, value);
    return event.tenant_id === key ? eventView(event) : null;
  } catch (error) {
    if (error instanceof TerminalError) return null;
    throw error;
  }
}
