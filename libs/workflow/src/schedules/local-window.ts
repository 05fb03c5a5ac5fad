import { createOffsetAt, endOfGap, instantsOf } from './local-time.ts';

export const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Minutes of the local day. `to` null: the instant `from` alone; `to` before `from` spans midnight. */
export interface LocalWindow {
  from: number;
  to: number | null;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * An instant itself where it lies in the window on one of the weekdays (0 is Sunday; null: all), else when the window opens next. A window
 * belongs to the day on which it opens. A local time in a gap is taken at the gap's end, one that exists twice at the first.
 */
export function nextInWindow({ from, to }: LocalWindow, weekdays: ReadonlySet<number> | null, timezone: string, nowMs: number): number {
  const offsetAt = createOffsetAt(timezone);
  const instantOf = (localMs: number) => instantsOf(offsetAt, localMs)[0] ?? endOfGap(offsetAt, localMs);
  const today = Math.floor((nowMs + offsetAt(nowMs)) / dayMs) * dayMs;
  // A day before: its window may reach into today. Two weeks: one weekday, whatever the gaps.
  for (let midnight = today - dayMs; midnight <= today + 14 * dayMs; midnight += dayMs) {
    if (weekdays !== null && !weekdays.has(new Date(midnight).getUTCDay())) continue;
    const opensMs = instantOf(midnight + from * minuteMs);
    if (opensMs > nowMs) return opensMs;
    if (to === null) continue;
    const closesMs = instantOf(midnight + (to > from ? 0 : dayMs) + to * minuteMs);
    if (nowMs < closesMs) return nowMs;
  }
  throw new Error('Expected a window within two weeks, but found none');
}
