import { parseMoment } from '../conditions/moment.ts';
import { localDateOf, startOfDate } from '../schedules/local-day.ts';
import type { TaskConfigOf } from './task-config.ts';

const dayMs = 86_400_000;

export interface Period {
  fromMs: number;
  /** Not part of it. */
  toMs: number;
}

/** The period that a report is about: the last whole local day, week or month before an instant, or the range given. */
export function periodOf({ period, timezone }: Pick<TaskConfigOf<'report'>, 'period' | 'timezone'>, atMs: number): Period {
  if (typeof period === 'object') return { fromMs: parseMoment(period.from) as number, toMs: parseMoment(period.to) as number };
  const today = localDateOf(timezone, atMs);
  const midnight = (localMs: number) => startOfDate(timezone, localMs);
  const date = new Date(today);
  if (period === 'day') return { fromMs: midnight(today - dayMs), toMs: midnight(today) };
  if (period === 'week') {
    const monday = today - ((date.getUTCDay() + 6) % 7) * dayMs;
    return { fromMs: midnight(monday - 7 * dayMs), toMs: midnight(monday) };
  }
  const month = (offset: number) => midnight(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1));
  return { fromMs: month(-1), toMs: month(0) };
}

export interface LocalDay extends Period {
  /** YYYY-MM-DD */
  day: string;
}

/** The local days that a period touches, the first and the last cut where it begins and ends. A day that a zone has left out is none. */
export function daysOf({ fromMs, toMs }: Period, timezone: string): LocalDay[] {
  const days: LocalDay[] = [];
  for (let date = localDateOf(timezone, fromMs), beginsMs = fromMs; beginsMs < toMs; date += dayMs) {
    const endsMs = Math.min(startOfDate(timezone, date + dayMs), toMs);
    if (endsMs > beginsMs) days.push({ day: new Date(date).toISOString().slice(0, 10), fromMs: beginsMs, toMs: endsMs });
    beginsMs = Math.max(beginsMs, endsMs);
  }
  return days;
}
