import { DateTime, Duration } from 'luxon';

const momentPattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const durationPattern = /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

/** Milliseconds of an ISO 8601 date or date and time, UTC where it names no offset; undefined for anything else. */
export function parseMoment(text: string): number | undefined {
  const match = momentPattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset = 'Z'] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return undefined;
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Math.floor(Number(`0.${fraction}`) * 1_000);
  const offsetMs = parseOffset(offset);
  return offsetMs === undefined ? undefined : midnight.getTime() + timeMs - offsetMs;
}

function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  if (hours > 18 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** An ISO 8601 duration without a sign, at most 100 years long; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > 64 || !durationPattern.test(text)) return undefined;
  const duration = Duration.fromISO(text);
  return duration.isValid && duration.as('years') <= 100 ? duration : undefined;
}

/** The instant a duration after (or, with −1, before) another, by the UTC calendar. Null where the text isn't a duration. */
export function addDuration(fromMs: number, durationText: string, sign: 1 | -1 = 1): number | null {
  const duration = parseDuration(durationText);
  return duration ? shift(fromMs, duration, sign) : null;
}

/** As `addDuration` for one that was parsed: exact arithmetic where it has no months or years. */
export function shift(fromMs: number, duration: Duration, sign: 1 | -1): number {
  if (duration.years === 0 && duration.months === 0) return fromMs + sign * duration.as('milliseconds');
  const from = DateTime.fromMillis(fromMs, { zone: 'utc' });
  return (sign === 1 ? from.plus(duration) : from.minus(duration)).toMillis();
}
