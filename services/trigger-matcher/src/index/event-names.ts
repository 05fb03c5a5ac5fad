import type { IndexedTrigger } from '../definition.ts';

/** Under which name a trigger is filed: an event type, or a prefix with a `*` behind it; null where it listens to nothing known. */
export function nameOfTrigger({ compiled: { eventType } }: IndexedTrigger): string | null {
  if (eventType.kind === 'none') return null;
  return eventType.kind === 'exact' ? eventType.eventType : `${eventType.prefix}*`;
}

/** The names under which triggers for this event type may be filed: itself, and each prefix of it. */
export function namesOfEvent(eventType: string): string[] {
  const names = [eventType];
  for (let dot = eventType.indexOf('.'); dot !== -1; dot = eventType.indexOf('.', dot + 1)) names.push(`${eventType.slice(0, dot)}.*`);
  return names;
}
