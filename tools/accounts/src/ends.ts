/** What became of an event, the best of its records counting. */
export const eventEnds = ['matched', 'unmatched', 'in_flight', 'dead_lettered', 'lost'] as const;
export type EventEnd = (typeof eventEnds)[number];

export interface EventFacts {
  /** Some command names it, whichever of its records caused that. */
  hasCommands: boolean;
  isDeadLettered: boolean;
  /** The matcher has committed an offset behind it. */
  isDone: boolean;
  isReadable: boolean;
}

/** Of one record. `lost`: it was passed over without a trace. */
export function endOfEvent({ hasCommands, isDeadLettered, isDone, isReadable }: EventFacts): EventEnd {
  if (hasCommands) return 'matched';
  if (isDeadLettered) return 'dead_lettered';
  if (!isDone) return 'in_flight';
  return isReadable ? 'unmatched' : 'lost';
}

/** What became of an instance's start. */
export const startEnds = ['instance', 'refused', 'in_flight', 'dead_lettered', 'lost'] as const;
export type StartEnd = (typeof startEnds)[number];

export interface StartFacts {
  hasInstance: boolean;
  isDeadLettered: boolean;
  /** The executor has committed an offset behind it. */
  isDone: boolean;
  /** Its workflow says why there may be none. */
  isRefused: boolean;
}

/** `lost`: it was dealt with, but there is neither an instance nor a reason. */
export function endOfStart({ hasInstance, isDeadLettered, isDone, isRefused }: StartFacts): StartEnd {
  if (hasInstance) return 'instance';
  if (isDeadLettered) return 'dead_lettered';
  if (!isDone) return 'in_flight';
  return isRefused ? 'refused' : 'lost';
}

/** Of an instance that hasn't ended and waits for no time: somebody must have an input of it, or it stays so. */
export const looseEnds = ['in_flight', 'dead_lettered', 'stuck'] as const;
export type LooseEnd = (typeof looseEnds)[number];

export function endOfLoose({ hasInput, isDeadLettered }: { hasInput: boolean; isDeadLettered: boolean }): LooseEnd {
  if (hasInput) return 'in_flight';
  return isDeadLettered ? 'dead_lettered' : 'stuck';
}
