import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextLocalTime, parseCronExpression } from './cron-expression.ts';
import { CronFault } from './cron-field.ts';

/** The next local times of an expression, as texts without seconds where those are 0. */
function next(expression: string, after: string, count: number): string[] {
  const cron = parseCronExpression(expression);
  const times: string[] = [];
  for (let at = nextLocalTime(cron, Date.parse(`${after}Z`)); at !== null && times.length < count; at = nextLocalTime(cron, at)) {
    times.push(new Date(at).toISOString().replace(/(:00)?\.000Z$/, ''));
  }
  return times;
}

describe('fields', () => {
  test.each<[expression: string, after: string, times: string[]]>([
    ['0 9 * * *', '2026-11-24T08:59:59', ['2026-11-24T09:00', '2026-11-25T09:00']],
    ['0 9 * * *', '2026-11-24T09:00', ['2026-11-25T09:00']],
    ['5 4 1 1 *', '2026-11-24T00:00', ['2027-01-01T04:05', '2028-01-01T04:05']],
    ['*/20 8 * * *', '2026-11-24T08:10', ['2026-11-24T08:20', '2026-11-24T08:40', '2026-11-25T08:00']],
    ['10-20/5 8 * * *', '2026-11-24T00:00', ['2026-11-24T08:10', '2026-11-24T08:15', '2026-11-24T08:20', '2026-11-25T08:10']],
    ['0 8,12,8 * * *', '2026-11-24T00:00', ['2026-11-24T08:00', '2026-11-24T12:00', '2026-11-25T08:00']],
    ['0 0 * JAN,mar-Apr *', '2026-03-31T12:00', ['2026-04-01T00:00']],
    ['0 0 * * MON', '2026-11-24T00:00', ['2026-11-30T00:00', '2026-12-07T00:00']],
    ['0 0 * * 7', '2026-11-24T00:00', ['2026-11-29T00:00']],
    ['0 0 * * 0', '2026-11-24T00:00', ['2026-11-29T00:00']],
    ['0 0 * * 5-7', '2026-11-24T00:00', ['2026-11-27T00:00', '2026-11-28T00:00', '2026-11-29T00:00', '2026-12-04T00:00']],
    ['0 0 * * fri-SUN', '2026-11-24T00:00', ['2026-11-27T00:00', '2026-11-28T00:00', '2026-11-29T00:00', '2026-12-04T00:00']],
    ['0 0 * * SUN-MON', '2026-11-24T00:00', ['2026-11-29T00:00', '2026-11-30T00:00', '2026-12-06T00:00']],
    ['0 0 L * *', '2026-01-15T00:00', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 L 2 *', '2027-01-01T00:00', ['2027-02-28T00:00', '2028-02-29T00:00']],
    ['0 0 15,L * *', '2026-02-01T00:00', ['2026-02-15T00:00', '2026-02-28T00:00', '2026-03-15T00:00']],
    ['0 0 * * 5L', '2026-11-01T00:00', ['2026-11-27T00:00', '2026-12-25T00:00', '2027-01-29T00:00']],
    ['0 0 * * 7L', '2026-11-01T00:00', ['2026-11-29T00:00']],
    ['0 0 * * 2#4', '2026-11-01T00:00', ['2026-11-24T00:00', '2026-12-22T00:00']],
    ['0 0 * * TUE#5', '2026-11-01T00:00', ['2026-12-29T00:00', '2027-03-30T00:00']],
    ['0 0 * * MON#1,5L', '2026-11-01T00:00', ['2026-11-02T00:00', '2026-11-27T00:00', '2026-12-07T00:00']],
    ['0 9 ? * MON', '2026-11-24T00:00', ['2026-11-30T09:00', '2026-12-07T09:00']],
    ['0 9 1 * ?', '2026-11-24T00:00', ['2026-12-01T09:00', '2027-01-01T09:00']],
    ['15 30 9 * * *', '2026-11-24T09:30:14', ['2026-11-24T09:30:15', '2026-11-25T09:30:15']],
    ['*/30 59 23 * * *', '2026-11-24T23:59:00', ['2026-11-24T23:59:30', '2026-11-25T23:59']],
    ['  0\t9  *  * * ', '2026-11-24T00:00', ['2026-11-24T09:00']],
    ['0 0 29 2 *', '2026-11-24T00:00', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 0 29 2 *', '2096-03-01T00:00', ['2104-02-29T00:00']],
    ['0 0 31 * *', '2026-01-31T00:00', ['2026-03-31T00:00', '2026-05-31T00:00']],
    ['59 23 31 12 *', '2026-12-31T23:58:59.999', ['2026-12-31T23:59', '2027-12-31T23:59']],
  ])('%s after %s', (expression, after, times) => {
    expect(next(expression, after, times.length)).toEqual(times);
  });

  test.each([
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
    ['@Daily', '0 0 * * *'],
  ])('%s is %s', (nickname, expression) => {
    expect(parseCronExpression(nickname)).toEqual(parseCronExpression(expression));
  });
});

describe('day of month and weekday', () => {
  const cases: [expression: string, rule: string, days: string[]][] = [
    ['0 0 13 * 5', 'both restrict: either', ['11-06', '11-13', '11-20', '11-27', '12-04', '12-11', '12-13']],
    ['0 0 13 * *', 'only the day restricts', ['11-13', '12-13', '01-13']],
    ['0 0 * * 5', 'only the weekday restricts', ['11-06', '11-13', '11-20']],
    ['0 0 */10 * 5', 'a step on * does not restrict: both', ['12-11', '01-01', '05-21']],
    ['0 0 13 * */5', 'nor does one in the weekday', ['11-13', '12-13', '06-13']],
    ['0 0 ? * 5', '? is *', ['11-06', '11-13']],
    ['0 0 L * 1', 'L restricts', ['11-02', '11-09', '11-16', '11-23', '11-30', '12-07']],
    ['0 0 1-31 * 5', 'a full range restricts', ['11-01', '11-02', '11-03', '11-04']],
  ];

  test.each(cases)('%s: %s', (expression, _rule, days) => {
    expect(next(expression, '2026-10-31T23:59', days.length).map((time) => time.slice(5, 10))).toEqual(days);
  });
});

describe('a wildcard schedule is one whose minute or hour begins with *', () => {
  test.each<[string, boolean]>([
    ['* * * * *', true],
    ['*/15 2 * * *', true],
    ['30 * * * *', true],
    ['30 */2 * * *', true],
    ['30 ? * * *', true],
    ['@hourly', true],
    ['*,5 2 * * *', true],
    ['0 0-23 * * *', false],
    ['0-59 2 * * *', false],
    ['30 2 * * *', false],
    ['* 30 2 * * *', false],
    ['* * 2 * * *', true],
    ['@daily', false],
  ])('%s: %s', (expression, follows) => {
    expect(parseCronExpression(expression).followsElapsedTime).toBe(follows);
  });
});

describe('what is refused, with the reason', () => {
  test.each([
    ['', 'Expected 5 fields, or 6 with seconds, but got 0'],
    ['   ', 'but got 0'],
    ['*', 'but got 1'],
    ['* * * *', 'but got 4'],
    ['* * * * * * *', 'but got 7'],
    ['60 * * * *', 'Expected 0 to 59 in the minute field, but got "60"'],
    ['* 24 * * *', '0 to 23 in the hour field'],
    ['* * 0 * *', '1 to 31 in the day field'],
    ['* * 32 * *', '1 to 31 in the day field'],
    ['* * * 0 *', '1 to 12 in the month field'],
    ['* * * 13 *', '1 to 12 in the month field'],
    ['* * * * 8', '0 to 7 in the weekday field'],
    ['60 * * * * *', '0 to 59 in the second field'],
    ['-1 * * * *', 'minute field'],
    ['+1 * * * *', 'minute field'],
    ['1.5 * * * *', 'minute field'],
    ['0x5 * * * *', 'minute field'],
    ['５ * * * *', 'minute field'],
    ['005 * * * *', 'minute field'],
    ['a * * * *', 'minute field'],
    ['5/15 * * * *', 'Expected a step after * or a range in the minute field, but got "5/15"'],
    ['*/0 * * * *', 'Expected a step from 1 to 59 in the minute field'],
    ['*/60 * * * *', 'step from 1 to 59'],
    ['* */24 * * *', 'step from 1 to 23'],
    ['*/ * * * *', 'minute field'],
    ['*/a * * * *', 'minute field'],
    ['*/-5 * * * *', 'minute field'],
    ['*/5/5 * * * *', 'minute field'],
    ['/5 * * * *', 'minute field'],
    ['20-10 * * * *', 'Expected a range that rises in the minute field, but got "20-10"'],
    ['* * * * FRI-MON', 'range that rises in the weekday field'],
    ['* * * DEC-JAN *', 'range that rises in the month field'],
    ['* * * * 7-2', 'range that rises'],
    ['1-2-3 * * * *', 'minute field'],
    ['1- * * * *', 'minute field'],
    ['-5 * * * *', 'minute field'],
    ['1,,2 * * * *', 'minute field'],
    [', * * * *', 'minute field'],
    ['1, * * * *', 'minute field'],
    ['H * * * *', 'minute field'],
    ['H/15 * * * *', 'minute field'],
    ['* * 15W * *', 'day field'],
    ['* * LW * *', 'day field'],
    ['* * W * *', 'day field'],
    ['* * L-3 * *', 'day field'],
    ['* * * * L', 'weekday field'],
    ['* * * * 8L', 'weekday field'],
    ['L * * * *', 'minute field'],
    ['* * * L *', 'month field'],
    ['* * 5L * *', 'day field'],
    ['* * 1#2 * *', 'day field'],
    ['* * * * 1#0', 'weekday field'],
    ['* * * * 1#6', 'weekday field'],
    ['* * * * 1#', 'weekday field'],
    ['* * * * 1-5#2', 'weekday field'],
    ['* * * * MONDAY', 'weekday field'],
    ['* * * JANUARY *', 'month field'],
    ['* * MON * *', 'day field'],
    ['* * * * JAN', 'weekday field'],
    ['?/5 * * * *', 'minute field'],
    ['~ * * * *', 'minute field'],
    ['@reboot', 'Expected one of @yearly'],
    ['@every 5m', 'Expected one of @yearly'],
    ['@', 'Expected one of @yearly'],
    ['TZ=UTC 0 9 * * *', 'second field'],
    ['0 9 * * * # daily', 'but got 7'],
  ])('%j', (expression, message) => {
    expect(() => parseCronExpression(expression)).toThrow(CronFault);
    expect(() => parseCronExpression(expression)).toThrow(message);
  });

  test('any text is read or refused by a fault, and a schedule that was read comes to an end', () => {
    const field = fc.constantFrom(
      '*',
      '?',
      '*/5',
      '1',
      '0',
      '7',
      '29',
      '31',
      'L',
      '5L',
      '2#3',
      'FRI',
      'FEB',
      '1-5',
      '5-1',
      '1-6/2',
      'W',
      '',
      '99',
    );

    fc.assert(
      fc.property(fc.array(field, { minLength: 4, maxLength: 7 }), (fields) => {
        try {
          const at = nextLocalTime(parseCronExpression(fields.join(' ')), Date.UTC(2026, 10, 24));
          expect(at === null || at > Date.UTC(2026, 10, 24)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(CronFault);
          expect((error as Error).message).toMatch(/^Expected .+, but got /);
        }
      }),
      { numRuns: 300 },
    );
  });
});
