import { beginsAsWildcard, CronFault, type CronField, parseCronField } from './cron-field.ts';

/** A cron expression as sets of allowed values. */
export interface CronExpression {
  second: CronField;
  minute: CronField;
  hour: CronField;
  day: CronField;
  month: CronField;
  weekday: CronField;
  /** Minute or hour begins with `*`: it follows elapsed time, so that daylight saving doesn't touch it. */
  followsElapsedTime: boolean;
}

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads 5 fields, 6 with seconds first, or a nickname such as `@daily`; throws a `CronFault`. */
export function parseCronExpression(text: string): CronExpression {
  const trimmed = text.trim();
  const expanded = trimmed.startsWith('@') ? nicknames[trimmed.toLowerCase()] : trimmed;
  if (expanded === undefined)
    throw new CronFault(`Expected one of ${Object.keys(nicknames).join(', ')}, but got ${JSON.stringify(trimmed)}`);
  const fields = expanded === '' ? [] : expanded.split(/\s+/);
  if (fields.length < 5 || fields.length > 6) throw new CronFault(`Expected 5 fields, or 6 with seconds, but got ${fields.length}`);
  const [second = '0', minute = '', hour = '', day = '', month = '', weekday = ''] = fields.length === 6 ? fields : ['0', ...fields];
  return {
    second: parseCronField('second', second),
    minute: parseCronField('minute', minute),
    hour: parseCronField('hour', hour),
    day: parseCronField('day', day),
    month: parseCronField('month', month),
    weekday: parseCronField('weekday', weekday),
    followsElapsedTime: beginsAsWildcard(minute) || beginsAsWildcard(hour),
  };
}

const dayMs = 86_400_000;
/** The longest wait that the calendar can make (29 February on a given weekday over 2100) and a margin. */
const horizonDays = 366 * 50;

/** The first local time after another that the expression names, both as milliseconds of a clock without zones; null where none ever comes. */
export function nextLocalTime(cron: CronExpression, afterMs: number): number | null {
  const startMs = Math.floor(afterMs / 1_000) * 1_000 + 1_000;
  let midnightMs = Math.floor(startMs / dayMs) * dayMs;
  for (let days = 0; days < horizonDays; days += 1, midnightMs += dayMs) {
    if (!includesDay(cron, midnightMs)) continue;
    const time = firstTimeOfDay(cron, Math.max(0, startMs - midnightMs) / 1_000);
    if (time !== null) return midnightMs + time * 1_000;
  }
  return null;
}

function includesDay({ day, month, weekday }: CronExpression, midnightMs: number): boolean {
  const date = new Date(midnightMs);
  if (!month.values.has(date.getUTCMonth() + 1)) return false;
  const byDay = includesDayOfMonth(day, date);
  const byWeekday = includesWeekday(weekday, date);
  return day.isWildcard || weekday.isWildcard ? byDay && byWeekday : byDay || byWeekday;
}

function includesDayOfMonth(day: CronField, date: Date): boolean {
  return day.values.has(date.getUTCDate()) || (day.lastDay && date.getUTCDate() === daysInMonth(date));
}

function includesWeekday({ values, lastWeekdays, nthWeekdays }: CronField, date: Date): boolean {
  const weekday = date.getUTCDay();
  if (values.has(weekday)) return true;
  if (lastWeekdays.has(weekday) && date.getUTCDate() + 7 > daysInMonth(date)) return true;
  const nth = Math.ceil(date.getUTCDate() / 7);
  return nthWeekdays.some((item) => item.weekday === weekday && item.nth === nth);
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Seconds since midnight, at or after `from`. */
function firstTimeOfDay({ second, minute, hour }: CronExpression, from: number): number | null {
  const fromHour = Math.floor(from / 3_600);
  for (let h = fromHour; h < 24; h += 1) {
    if (!hour.values.has(h)) continue;
    const restOfHour = h === fromHour ? from - h * 3_600 : 0;
    const fromMinute = Math.floor(restOfHour / 60);
    for (let m = fromMinute; m < 60; m += 1) {
      if (!minute.values.has(m)) continue;
      for (let s = m === fromMinute ? restOfHour - m * 60 : 0; s < 60; s += 1) {
        if (second.values.has(s)) return h * 3_600 + m * 60 + s;
      }
    }
  }
  return null;
}
