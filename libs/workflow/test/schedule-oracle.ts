import { CronExpressionParser } from 'cron-parser';

/** What a schedule does near a change of the clocks, as its `dst` says. */
export interface OracleRules {
  gap: 'shift' | 'skip';
  overlap: 'first' | 'last' | 'both';
}

/** A span of time in which a zone's clocks keep their distance to UTC. */
interface Period {
  startMs: number;
  endMs: number;
  offsetMs: number;
}

const hourMs = 3_600_000;

/**
 * The occurrences of an expression in a zone, worked out apart from the scheduler's code: the local times come from cron-parser, asked in
 * UTC only (in zones it skips days and gives up near half-hour changes), the changes of the clocks from walking `Intl` hour by hour.
 */
export function occurrencesOf(expression: string, zone: string, fromMs: number, toMs: number, rules: OracleRules): number[] {
  const periods = periodsOf(zone, fromMs - 48 * hourMs, toMs + 48 * hourMs);
  const [minute = '', hour = ''] = expression.split(' ').slice(-5);
  const isWildcard = [minute, hour].some((field) => field.startsWith('*'));
  const instants = localTimes(expression, fromMs - 48 * hourMs, toMs + 48 * hourMs).flatMap((localMs) =>
    instantsOf(localMs, periods, isWildcard ? { gap: 'skip', overlap: 'both' } : rules),
  );
  return [...new Set(instants)].filter((instantMs) => fromMs < instantMs && instantMs < toMs).sort((a, b) => a - b);
}

function instantsOf(localMs: number, periods: Period[], { gap, overlap }: OracleRules): number[] {
  const instants = periods.flatMap(({ startMs, endMs, offsetMs }) => {
    const instantMs = localMs - offsetMs;
    return startMs <= instantMs && instantMs < endMs ? [instantMs] : [];
  });
  if (instants.length > 0) return overlap === 'both' ? instants : instants.slice(...(overlap === 'first' ? [0, 1] : [-1]));
  const after = periods.find(({ startMs, offsetMs }) => localMs < startMs + offsetMs);
  return gap === 'shift' && after ? [after.startMs] : [];
}

const localTimesBy = new Map<string, number[]>();

/** As milliseconds of a clock without zones. */
function localTimes(expression: string, fromMs: number, toMs: number): number[] {
  const key = `${expression} ${fromMs} ${toMs}`;
  let times = localTimesBy.get(key);
  if (!times) {
    times = [];
    const cron = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(fromMs) });
    for (let next = cron.next().getTime(); next < toMs; next = cron.next().getTime()) times.push(next);
    localTimesBy.set(key, times);
  }
  return times;
}

const periodsBy = new Map<string, Period[]>();

function periodsOf(zone: string, fromMs: number, toMs: number): Period[] {
  const key = `${zone} ${fromMs} ${toMs}`;
  let periods = periodsBy.get(key);
  if (!periods) {
    periods = walk(zone, fromMs, toMs);
    periodsBy.set(key, periods);
  }
  return periods;
}

function walk(zone: string, fromMs: number, toMs: number): Period[] {
  const names = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', hour: '2-digit' });
  const offsetAt = (instantMs: number): number => {
    const text = names.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text) as RegExpExecArray;
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  };
  const periods: Period[] = [{ startMs: fromMs, endMs: toMs, offsetMs: offsetAt(fromMs) }];
  for (let hour = fromMs; hour < toMs; hour += hourMs) {
    const last = periods.at(-1) as Period;
    if (offsetAt(hour + hourMs) === last.offsetMs) continue;
    let minute = hour;
    while (offsetAt(minute) === last.offsetMs) minute += 60_000;
    last.endMs = minute;
    periods.push({ startMs: minute, endMs: toMs, offsetMs: offsetAt(minute) });
  }
  return periods;
}
