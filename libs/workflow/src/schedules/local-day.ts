import { createOffsetAt, endOfGap, instantsOf } from './local-time.ts';

const dayMs = 86_400_000;

/** The date that a zone's clocks show, as its midnight in UTC. */
export function localDateOf(timezone: string, atMs: number): number {
  return Math.floor((atMs + createOffsetAt(timezone)(atMs)) / dayMs) * dayMs;
}

/** The first instant of a local date; of one that a zone has left out, that of the next. */
export function startOfDate(timezone: string, dateMs: number): number {
  const offsetAt = createOffsetAt(timezone);
  return instantsOf(offsetAt, dateMs)[0] ?? endOfGap(offsetAt, dateMs);
}

/** The local day, YYYY-MM-DD, that an instant lies in, and the instant at which the next begins. */
export function localDayAt(timezone: string, atMs: number): { day: string; endsMs: number } {
  const date = localDateOf(timezone, atMs);
  return { day: new Date(date).toISOString().slice(0, 10), endsMs: startOfDate(timezone, date + dayMs) };
}
