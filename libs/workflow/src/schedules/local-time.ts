import { IANAZone } from 'luxon';

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. */
export type OffsetAt = (instantMs: number) => number;

const probeMs = 26 * 3_600_000;
const namePattern = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Whether a text is an IANA zone's name, links included. */
export function isTimezone(text: string): boolean {
  return namePattern.test(text) && !/^(local|system)$/i.test(text) && IANAZone.isValidZone(text);
}

/** The offsets of an IANA zone. */
export function createOffsetAt(timezone: string): OffsetAt {
  const zone = IANAZone.create(timezone);
  return (instantMs) => Math.round(zone.offset(instantMs) * 60_000);
}

/** The offsets in force a day before, at and a day after an instant, each once. */
export function offsetsAround(offsetAt: OffsetAt, instantMs: number): number[] {
  return [...new Set([offsetAt(instantMs - probeMs), offsetAt(instantMs), offsetAt(instantMs + probeMs)])];
}

/** Every instant at which a zone's clocks show a local time, rising: none in a gap, two in an overlap. */
export function instantsOf(offsetAt: OffsetAt, localMs: number): number[] {
  const offsets = new Set([...offsetsAround(offsetAt, localMs), offsetAt(localMs - 13 * 3_600_000), offsetAt(localMs + 13 * 3_600_000)]);
  const instants = [...offsets].map((offset) => localMs - offset).filter((instantMs) => offsetAt(instantMs) === localMs - instantMs);
  return instants.sort((a, b) => a - b);
}

/** The first instant after the gap in which a local time doesn't exist. */
export function endOfGap(offsetAt: OffsetAt, localMs: number): number {
  let before = localMs - probeMs;
  let after = localMs + probeMs;
  const offsetBefore = offsetAt(before);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offsetBefore) before = middle;
    else after = middle;
  }
  return after;
}
