import { DateTime, Duration } from 'luxon';

const datePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/;
const durationPattern = /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

/** Milliseconds of an ISO 8601 date or date and time, UTC where it names no offset; undefined for anything else. */
export function parseMoment(text: string): number | undefined {
  if (!datePattern.test(text)) return undefined;
  const moment = DateTime.fromISO(text, { zone: 'utc' });
  return moment.isValid ? moment.toMillis() : undefined;
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
  if (!duration) return null;
  const from = DateTime.fromMillis(fromMs, { zone: 'utc' });
  return (sign === 1 ? from.plus(duration) : from.minus(duration)).toMillis();
}
