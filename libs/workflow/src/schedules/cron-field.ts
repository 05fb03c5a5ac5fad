/** The allowed values of one field of a cron expression. */
export interface CronField {
  values: ReadonlySet<number>;
  /** It doesn't restrict, though its steps still choose. */
  isWildcard: boolean;
  /** `L` in the day of month: the month's last day. */
  lastDay: boolean;
  /** `5L` in the weekday: the month's last such weekday. */
  lastWeekdays: ReadonlySet<number>;
  /** `5#3` in the weekday: the month's n-th such weekday. */
  nthWeekdays: readonly { weekday: number; nth: number }[];
}

export type FieldName = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'weekday';

const ranges: Record<FieldName, [number, number]> = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  month: [1, 12],
  weekday: [0, 7],
};
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export class CronFault extends Error {}

/** Vixie cron's rule: what begins with `*` (or `?`, which means the same) doesn't restrict. */
export function beginsAsWildcard(text: string): boolean {
  return text.startsWith('*') || text.startsWith('?');
}

/** Reads one field; throws a `CronFault` that says what was expected. */
export function parseCronField(name: FieldName, text: string): CronField {
  const values = new Set<number>();
  const lastWeekdays = new Set<number>();
  const nthWeekdays: { weekday: number; nth: number }[] = [];
  let lastDay = false;
  for (const part of text.split(',')) {
    const last = /^([0-7])L$/i.exec(part);
    const nth = /^([0-7A-Z]+)#([1-5])$/i.exec(part);
    if (name === 'day' && /^L$/i.test(part)) lastDay = true;
    else if (name === 'weekday' && last) lastWeekdays.add(Number(last[1]) % 7);
    else if (name === 'weekday' && nth) nthWeekdays.push({ weekday: parseNumber(name, nth[1] as string, part) % 7, nth: Number(nth[2]) });
    else for (const value of parseRange(name, part)) values.add(name === 'weekday' ? value % 7 : value);
  }
  return { values, isWildcard: beginsAsWildcard(text), lastDay, lastWeekdays, nthWeekdays };
}

function parseRange(name: FieldName, part: string): number[] {
  const [low, high] = ranges[name];
  const [base = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !/^\d{1,4}$/.test(step))) throw refuse(name, part);
  const stepBy = step === undefined ? 1 : Number(step);
  if (stepBy < 1 || stepBy > high)
    throw new CronFault(`Expected a step from 1 to ${high} in the ${name} field, but got ${JSON.stringify(part)}`);
  if (base === '*' || (base === '?' && step === undefined)) return sequence(low, name === 'weekday' ? 6 : high, stepBy);
  const [first = '', second, ...more] = base.split('-');
  if (more.length > 0) throw refuse(name, part);
  const from = parseNumber(name, first, part);
  if (second === undefined) {
    if (step !== undefined) throw new CronFault(`Expected a step after * or a range in the ${name} field, but got ${JSON.stringify(part)}`);
    return [from];
  }
  const parsedTo = parseNumber(name, second, part);
  const to = name === 'weekday' && /^SUN$/i.test(second) ? 7 : parsedTo;
  if (from > to) throw new CronFault(`Expected a range that rises in the ${name} field, but got ${JSON.stringify(part)}`);
  return sequence(from, to, stepBy);
}

function parseNumber(name: FieldName, text: string, part: string): number {
  const upper = text.toUpperCase();
  if (name === 'month' && months.includes(upper)) return months.indexOf(upper) + 1;
  if (name === 'weekday' && weekdays.includes(upper)) return weekdays.indexOf(upper);
  const [low, high] = ranges[name];
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) throw refuse(name, part);
  return value;
}

function refuse(name: FieldName, part: string): CronFault {
  const [low, high] = ranges[name];
  return new CronFault(`Expected ${low} to ${high} in the ${name} field, but got ${JSON.stringify(part)}`);
}

function sequence(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}
