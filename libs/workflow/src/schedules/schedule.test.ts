import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { occurrencesOf } from '../../test/schedule-oracle.ts';
import { type DaylightSaving, nextOccurrence, parseSchedule, type Schedule } from './schedule.ts';

function scheduleOf(expression: string, timezone = 'UTC', dst: Partial<DaylightSaving> | null = null): Schedule {
  const parsed = parseSchedule(expression, timezone, dst);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.schedule;
}

/** The occurrences of a schedule in a period, its end excluded. */
function between(schedule: Schedule, from: string, to: string): string[] {
  const occurrences: string[] = [];
  let at = nextOccurrence(schedule, Date.parse(from) - 1);
  for (; at !== null && at < Date.parse(to); at = nextOccurrence(schedule, at))
    occurrences.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  return occurrences;
}

describe('when the clocks go forward', () => {
  /** 2026-03-29 in Berlin: 02:00 becomes 03:00, which is 01:00Z. */
  const day = (expression: string, dst?: Partial<DaylightSaving>) =>
    between(scheduleOf(expression, 'Europe/Berlin', dst ?? null), '2026-03-29T00:00Z', '2026-03-29T03:00Z');

  test.each<[expression: string, dst: Partial<DaylightSaving> | undefined, occurrences: string[]]>([
    ['30 2 * * *', undefined, ['2026-03-29T01:00Z']],
    ['30 2 * * *', { gap: 'shift' }, ['2026-03-29T01:00Z']],
    ['30 2 * * *', { gap: 'skip' }, []],
    ['0 2 * * *', undefined, ['2026-03-29T01:00Z']],
    ['0 3 * * *', undefined, ['2026-03-29T01:00Z']],
    ['15,45 2 * * *', undefined, ['2026-03-29T01:00Z']],
    ['0,30 1-3 * * *', undefined, ['2026-03-29T00:00Z', '2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z']],
    [
      '*/30 * * * *',
      undefined,
      ['2026-03-29T00:00Z', '2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z', '2026-03-29T02:00Z', '2026-03-29T02:30Z'],
    ],
    ['30 * * * *', { gap: 'shift' }, ['2026-03-29T00:30Z', '2026-03-29T01:30Z', '2026-03-29T02:30Z']],
    ['*/30 2 * * *', { gap: 'shift' }, []],
    ['30 */2 * * *', undefined, ['2026-03-29T02:30Z']],
  ])('%s %j', (expression, dst, occurrences) => {
    expect(day(expression, dst)).toEqual(occurrences);
  });

  test('each of a missing hour’s times has its own day again the day after', () => {
    expect(between(scheduleOf('15,45 2 * * *', 'Europe/Berlin'), '2026-03-30T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-30T00:15Z',
      '2026-03-30T00:45Z',
    ]);
  });

  test('a day that a zone skips runs at the start of the next', () => {
    const apia = (dst?: Partial<DaylightSaving>) =>
      between(scheduleOf('0 9 * * *', 'Pacific/Apia', dst ?? null), '2011-12-29T00:00Z', '2012-01-01T00:00Z');

    expect(apia()).toEqual(['2011-12-29T19:00Z', '2011-12-30T10:00Z', '2011-12-30T19:00Z', '2011-12-31T19:00Z']);
    expect(apia({ gap: 'skip' })).toEqual(['2011-12-29T19:00Z', '2011-12-30T19:00Z', '2011-12-31T19:00Z']);
  });

  test('midnight runs at one o’clock where midnight does not exist', () => {
    expect(between(scheduleOf('0 0 * * *', 'Africa/Cairo'), '2026-04-23T00:00Z', '2026-04-25T00:00Z')).toEqual([
      '2026-04-23T22:00Z',
      '2026-04-24T21:00Z',
    ]);
  });
});

describe('when the clocks go back', () => {
  /** 2026-10-25 in Berlin: 03:00 becomes 02:00, which is 01:00Z. */
  const day = (expression: string, dst?: Partial<DaylightSaving>) =>
    between(scheduleOf(expression, 'Europe/Berlin', dst ?? null), '2026-10-24T23:00Z', '2026-10-25T03:00Z');

  test.each<[expression: string, dst: Partial<DaylightSaving> | undefined, occurrences: string[]]>([
    ['30 2 * * *', undefined, ['2026-10-25T00:30Z']],
    ['30 2 * * *', { overlap: 'first' }, ['2026-10-25T00:30Z']],
    ['30 2 * * *', { overlap: 'last' }, ['2026-10-25T01:30Z']],
    ['30 2 * * *', { overlap: 'both' }, ['2026-10-25T00:30Z', '2026-10-25T01:30Z']],
    ['0 3 * * *', undefined, ['2026-10-25T02:00Z']],
    ['0 2,3 * * *', undefined, ['2026-10-25T00:00Z', '2026-10-25T02:00Z']],
    ['0 2,3 * * *', { overlap: 'last' }, ['2026-10-25T01:00Z', '2026-10-25T02:00Z']],
    ['30 * * * *', undefined, ['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']],
    ['*/30 2 * * *', { overlap: 'first' }, ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z']],
  ])('%s %j', (expression, dst, occurrences) => {
    expect(day(expression, dst)).toEqual(occurrences);
  });

  test('occurrences come in the order of time, though the clock shows them out of order', () => {
    const schedule = scheduleOf('0,50 1,2 * * *', 'Europe/Berlin', { overlap: 'both' });

    expect(between(schedule, '2026-10-24T23:00Z', '2026-10-25T02:00Z')).toEqual([
      '2026-10-24T23:00Z',
      '2026-10-24T23:50Z',
      '2026-10-25T00:00Z',
      '2026-10-25T00:50Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:50Z',
    ]);
  });

  test('a change of half an hour repeats half an hour', () => {
    const lordHowe = (dst: Partial<DaylightSaving>) =>
      between(scheduleOf('45 1 * * *', 'Australia/Lord_Howe', dst), '2026-04-04T12:00Z', '2026-04-05T12:00Z');

    expect(lordHowe({ overlap: 'first' })).toEqual(['2026-04-04T14:45Z']);
    expect(lordHowe({ overlap: 'both' })).toEqual(['2026-04-04T14:45Z', '2026-04-04T15:15Z']);
  });
});

describe('zones', () => {
  test.each([
    'UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'Asia/Calcutta',
    'US/Pacific',
    'Etc/GMT+5',
    'GMT',
    'America/Port-au-Prince',
  ])('%s is an IANA name', (timezone) => {
    expect(parseSchedule('0 9 * * *', timezone).ok).toBe(true);
  });

  test.each([
    '',
    'local',
    'system',
    'Local',
    'UTC+2',
    'GMT+02:00',
    '+02:00',
    '-0500',
    'Mars/Olympus',
    'Europe/',
    'Europe Berlin',
    'Europe/Berlin ',
    'utc; DROP',
    '../UTC',
  ])('%j is none', (timezone) => {
    expect(parseSchedule('0 9 * * *', timezone)).toEqual({
      ok: false,
      key: 'timezone',
      code: 'invalid_timezone',
      message: expect.stringMatching(/^Expected the name of an IANA time zone such as Europe\/Berlin, but got "/),
    });
  });

  test('without one it is UTC', () => {
    expect(between(scheduleOf('0 9 * * *'), '2026-07-01T00:00Z', '2026-07-02T00:00Z')).toEqual(['2026-07-01T09:00Z']);
  });
});

describe('schedules that cannot be', () => {
  test.each(['0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 31 2 ?', '0 0 31 2 */7'])('%s never occurs', (expression) => {
    expect(parseSchedule(expression)).toMatchObject({ ok: false, key: 'schedule', code: 'never_occurs' });
  });

  test('a fault of the expression comes as a message', () => {
    expect(parseSchedule('0 25 * * *', 'Europe/Berlin')).toEqual({
      ok: false,
      key: 'schedule',
      code: 'invalid_schedule',
      message: 'Expected 0 to 23 in the hour field, but got "25"',
    });
  });

  test('29 February on a Sunday comes, forty years later where a century lies between', () => {
    const schedule = scheduleOf('0 0 29 2 */7');

    expect(nextOccurrence(schedule, Date.parse('2026-01-01'))).toBe(Date.parse('2032-02-29'));
    expect(nextOccurrence(schedule, Date.parse('2088-03-01'))).toBe(Date.parse('2128-02-29'));
  });
});

describe('the window', () => {
  const daily = scheduleOf('0 9 * * *');
  const at = (text: string): number => Date.parse(text);

  test.each<[string, Parameters<typeof nextOccurrence>[2], string | null]>([
    ['no window', {}, '2026-11-24T09:00Z'],
    ['nulls are no window', { startMs: null, endMs: null }, '2026-11-24T09:00Z'],
    ['a later start', { startMs: at('2026-12-01T00:00Z') }, '2026-12-01T09:00Z'],
    ['a start at an occurrence', { startMs: at('2026-12-01T09:00Z') }, '2026-12-01T09:00Z'],
    ['a start just after one', { startMs: at('2026-12-01T09:00:00.001Z') }, '2026-12-02T09:00Z'],
    ['an earlier start', { startMs: at('2020-01-01T00:00Z') }, '2026-11-24T09:00Z'],
    ['an end at the occurrence', { endMs: at('2026-11-24T09:00Z') }, '2026-11-24T09:00Z'],
    ['an end just before it', { endMs: at('2026-11-24T08:59:59.999Z') }, null],
    ['a window between two occurrences', { startMs: at('2026-12-01T10:00Z'), endMs: at('2026-12-02T08:00Z') }, null],
  ])('%s', (_name, window, expected) => {
    expect(nextOccurrence(daily, at('2026-11-24T08:00Z'), window)).toBe(expected === null ? null : at(expected));
  });
});

test('from any instant on, the next occurrence is the first of the oracle’s after it', () => {
  const [fromMs, toMs] = [Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 30)];
  const rules: DaylightSaving = { gap: 'shift', overlap: 'both' };
  const cases = ['Europe/Berlin', 'Australia/Lord_Howe', 'America/Nuuk', 'Africa/Cairo'].flatMap((zone) =>
    ['30 2 * * *', '*/10 1-2 * * *', '0 0 * * 0'].map((expression) => ({
      schedule: scheduleOf(expression, zone, rules),
      expected: occurrencesOf(expression, zone, fromMs, toMs, rules),
    })),
  );

  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.integer({ min: fromMs, max: Date.UTC(2026, 3, 20) }), ({ schedule, expected }, afterMs) => {
      expect(nextOccurrence(schedule, afterMs)).toBe(expected.find((instant) => instant > afterMs));
    }),
    { numRuns: 500 },
  );
});
