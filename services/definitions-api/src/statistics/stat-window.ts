import { z } from 'zod';
import { momentParameter } from '../moment-parameter.ts';
import { type Fault, invalid } from '../problem.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** By length of a point: how many days there are unless the request says, and at most. */
const daysOf = { hour: { usual: 7, most: 31 }, day: { usual: 30, most: 366 } } as const;

export type Interval = keyof typeof daysOf;

/** The query of statistics. `from` and `to` are widened to whole days (UTC); `to` is now unless given, `from` 30 days before, by hours 7. */
export const statParameters = {
  interval: z.enum(['hour', 'day']).prefault('day'),
  from: momentParameter.optional(),
  to: momentParameter.optional(),
};

export interface StatWindow {
  /** Of one point of the series. */
  interval: Interval;
  /** The first moment of a day (UTC), ms. */
  fromMs: number;
  /** Likewise; excluded. */
  toMs: number;
}

/** The days that a request asks about: at most 366, by hours 31. Throws a Problem 422 for others. */
export function statWindow(query: { interval: Interval; from?: Date | undefined; to?: Date | undefined }, nowMs: number): StatWindow {
  const { interval, from, to } = query;
  const { usual, most } = daysOf[interval];
  const toMs = Math.ceil((to?.getTime() ?? nowMs) / dayMs) * dayMs;
  const fromMs = from === undefined ? toMs - usual * dayMs : Math.floor(from.getTime() / dayMs) * dayMs;
  const fault = (path: string, code: string, message: string): Fault => ({ path, code, message });
  if (fromMs < 0) throw invalid([fault('from', 'out_of_range', 'Expected a time from 1970 on, but got an earlier one')]);
  if (toMs > latestMs) throw invalid([fault('to', 'out_of_range', 'Expected a time before the year 3000, but got a later one')]);
  if (fromMs >= toMs) throw invalid([fault('from', 'out_of_range', 'Expected a time before `to`, but got a later one')]);
  const days = (toMs - fromMs) / dayMs;
  if (days <= most) return { interval, fromMs, toMs };
  throw invalid([fault('from', 'out_of_range', `Expected at most ${most} days by ${interval}, but got ${days}`)]);
}

const latestMs = Date.UTC(3000, 0);

/** When the points of a window begin, ms. */
export function startsOf({ fromMs, toMs }: Omit<StatWindow, 'interval'>, interval: Interval): number[] {
  const lengthMs = interval === 'hour' ? hourMs : dayMs;
  return Array.from({ length: (toMs - fromMs) / lengthMs }, (_, index) => fromMs + index * lengthMs);
}

/** A moment as the database compares it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}
