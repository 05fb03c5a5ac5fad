import { IANAZone } from 'luxon';

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. */
export type OffsetAt = (instantMs: number) => number;

const probeMs = 26 * 3_600_000;
const namePattern = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Whether a text is an IANA zone's name, links included. */
export function isTimezone(text: string): boolean {
  return namePattern.test(text) && !/^(local|system)$/i.test(text) && IANAZone.isValidZone(text);
}

const keptZones = 1_000;
const offsetByZone = new Map<string, OffsetAt>();

/** The offsets of an IANA zone; the same function for the same zone. */
export function createOffsetAt(timezone: string): OffsetAt {
  let offsetAt = offsetByZone.get(timezone);
  if (!offsetAt) {
    if (offsetByZone.size >= keptZones) offsetByZone.clear();
    const zone = IANAZone.create(timezone);
    offsetAt = remembering((instantMs) => Math.round(zone.offset(instantMs) * 60_000));
    offsetByZone.set(timezone, offsetAt);
  }
  return offsetAt;
}

/** No zone changes its offset and changes it back within a day. */
const stretchMs = 24 * 3_600_000;
const keptBounds = 1_000;

/** Asking a zone costs some microseconds: between two bounds with the same offset it isn't asked. */
function remembering(ask: OffsetAt): OffsetAt {
  const offsetByBound = new Map<number, number>();
  const atBound = (bound: number): number => {
    let offset = offsetByBound.get(bound);
    if (offset === undefined) {
      if (offsetByBound.size >= keptBounds) offsetByBound.clear();
      offset = ask(bound * stretchMs);
      offsetByBound.set(bound, offset);
    }
    return offset;
  };
  return (instantMs) => {
    const bound = Math.floor(instantMs / stretchMs);
    const offset = atBound(bound);
    return offset === atBound(bound + 1) ? offset : ask(instantMs);
  };
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
