import { type CronExpression, nextLocalTime, parseCronExpression } from './cron-expression.ts';
import { CronFault } from './cron-field.ts';
import { createOffsetAt, endOfGap, instantsOf, isTimezone, type OffsetAt, offsetsAround } from './local-time.ts';

/** What a schedule does with a local time that doesn't exist (`gap`) and with one that exists twice (`overlap`). */
export interface DaylightSaving {
  gap: 'shift' | 'skip';
  overlap: 'first' | 'last' | 'both';
}

export const defaultDaylightSaving: DaylightSaving = { gap: 'shift', overlap: 'first' };

export interface Schedule {
  expression: string;
  timezone: string;
  daylightSaving: DaylightSaving;
  cron: CronExpression;
  offsetAt: OffsetAt;
}

export type ParsedSchedule =
  | { ok: true; schedule: Schedule }
  | { ok: false; key: 'schedule' | 'timezone'; code: 'invalid_schedule' | 'never_occurs' | 'invalid_timezone'; message: string };

const parsed = new Map<string, ParsedSchedule>();

/** Reads a cron expression in an IANA zone. Never throws; what is wrong comes as a message. */
export function parseSchedule(expression: string, timezone = 'UTC', daylightSaving: Partial<DaylightSaving> | null = null): ParsedSchedule {
  const { gap = defaultDaylightSaving.gap, overlap = defaultDaylightSaving.overlap } = daylightSaving ?? {};
  const key = JSON.stringify([expression, timezone, gap, overlap]);
  let result = parsed.get(key);
  if (!result) {
    result = createSchedule(expression, timezone, { gap, overlap });
    if (parsed.size >= 10_000) parsed.clear();
    parsed.set(key, result);
  }
  return result;
}

function createSchedule(expression: string, timezone: string, daylightSaving: DaylightSaving): ParsedSchedule {
  if (!isTimezone(timezone)) {
    const message = `Expected the name of an IANA time zone such as Europe/Berlin, but got ${JSON.stringify(timezone)}`;
    return { ok: false, key: 'timezone', code: 'invalid_timezone', message };
  }
  try {
    const cron = parseCronExpression(expression);
    if (nextLocalTime(cron, 0) === null) {
      return { ok: false, key: 'schedule', code: 'never_occurs', message: 'Expected a schedule that occurs, but no date has these fields' };
    }
    return { ok: true, schedule: { expression, timezone, daylightSaving, cron, offsetAt: createOffsetAt(timezone) } };
  } catch (error) {
    if (!(error instanceof CronFault)) throw error;
    return { ok: false, key: 'schedule', code: 'invalid_schedule', message: error.message };
  }
}

export interface OccurrenceWindow {
  startMs?: number | null;
  endMs?: number | null;
}

/**
 * The first occurrence after an instant, in milliseconds; null where none comes within the window (both ends included) or ever.
 * Always ends: it looks at one local time after another, and those are bounded.
 */
export function nextOccurrence(schedule: Schedule, afterMs: number, window: OccurrenceWindow = {}): number | null {
  const startAfterMs = Math.max(afterMs, (window.startMs ?? Number.NEGATIVE_INFINITY) - 1);
  const nextMs = nextInstant(schedule, startAfterMs);
  return nextMs !== null && window.endMs !== undefined && window.endMs !== null && nextMs > window.endMs ? null : nextMs;
}

/**
 * Local times are asked in the order of the clock, which near an overlap isn't the order of time: it goes on until no later
 * local time can come before the best instant found.
 */
function nextInstant({ cron, offsetAt, daylightSaving }: Schedule, afterMs: number): number | null {
  let localMs: number | null = afterMs + Math.min(...offsetsAround(offsetAt, afterMs));
  let bestMs: number | null = null;
  let lastLocalMs = Number.POSITIVE_INFINITY;
  for (;;) {
    localMs = nextLocalTime(cron, localMs);
    if (localMs === null || localMs > lastLocalMs) return bestMs;
    for (const instantMs of chosenInstants(cron, offsetAt, daylightSaving, localMs)) {
      if (instantMs <= afterMs || (bestMs !== null && instantMs >= bestMs)) continue;
      bestMs = instantMs;
      lastLocalMs = instantMs + Math.max(...offsetsAround(offsetAt, instantMs));
    }
  }
}

function chosenInstants(cron: CronExpression, offsetAt: OffsetAt, { gap, overlap }: DaylightSaving, localMs: number): number[] {
  const instants = instantsOf(offsetAt, localMs);
  if (cron.followsElapsedTime) return instants;
  if (instants.length === 0) return gap === 'shift' ? [endOfGap(offsetAt, localMs)] : [];
  if (overlap === 'both') return instants;
  return [overlap === 'first' ? (instants[0] as number) : (instants[instants.length - 1] as number)];
}
