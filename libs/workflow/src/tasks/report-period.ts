import { parseMoment } from '../conditions/moment.ts';
import { createOffsetAt, endOfGap, instantsOf } from '../schedules/local-time.ts';
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
  const offsetAt = createOffsetAt(timezone);
  const today = Math.floor((atMs + offsetAt(atMs)) / dayMs) * dayMs;
  const midnight = (localMs: number) => instantsOf(offsetAt, localMs)[0] ?? endOfGap(offsetAt, localMs);
  const date = new Date(today);
  if (period === 'day') return { fromMs: midnight(today - dayMs), toMs: midnight(today) };
  if (period === 'week') {
    const monday = today - ((date.getUTCDay() + 6) % 7) * dayMs;
    return { fromMs: midnight(monday - 7 * dayMs), toMs: midnight(monday) };
  }
  const month = (offset: number) => midnight(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1));
  return { fromMs: month(-1), toMs: month(0) };
}
