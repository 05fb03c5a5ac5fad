import { expect, test } from 'vitest';
import { daysOf, periodOf } from './report-period.ts';

const at = (text: string) => Date.parse(text);
const iso = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];

test.each<[string, 'day' | 'week' | 'month', string, string, string, string]>([
  ['yesterday', 'day', 'UTC', '2026-11-24T10:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
  ['yesterday, asked at midnight', 'day', 'UTC', '2026-11-24T00:00:00Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
  [
    'yesterday, asked just before midnight',
    'day',
    'UTC',
    '2026-11-23T23:59:59.999Z',
    '2026-11-22T00:00:00.000Z',
    '2026-11-23T00:00:00.000Z',
  ],
  ['the local yesterday', 'day', 'Asia/Tokyo', '2026-11-23T16:00:00Z', '2026-11-22T15:00:00.000Z', '2026-11-23T15:00:00.000Z'],
  ['a day of 23 hours', 'day', 'Europe/Berlin', '2026-03-30T06:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['a day of 25 hours', 'day', 'Europe/Berlin', '2026-10-26T06:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['a day without a midnight', 'day', 'America/Santiago', '2026-09-07T12:00:00Z', '2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
  ['the week before, asked on a Monday', 'week', 'UTC', '2026-11-23T09:00:00Z', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  ['the week before, asked on a Sunday', 'week', 'UTC', '2026-11-22T23:00:00Z', '2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z'],
  ['a week of 167 hours', 'week', 'America/New_York', '2026-03-10T12:00:00Z', '2026-03-02T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
  ['the month before', 'month', 'UTC', '2026-03-31T12:00:00Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['the month of a leap day', 'month', 'UTC', '2028-03-01T00:00:00Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ['December, asked in January', 'month', 'UTC', '2027-01-01T00:00:00Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['the local month', 'month', 'Pacific/Auckland', '2026-10-31T12:00:00Z', '2026-09-30T11:00:00.000Z', '2026-10-31T11:00:00.000Z'],
])('%s', (_, period, timezone, now, from, to) => {
  expect(iso(periodOf({ period, timezone }, at(now)))).toEqual([from, to]);
});

test('a range is the period whenever it is asked', () => {
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T12:00:00+01:00' };
  expect(iso(periodOf({ period, timezone: 'Asia/Tokyo' }, 0))).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T11:00:00.000Z']);
});

test('the days of a period are the local ones, the first and the last cut, and meet without a gap', () => {
  const period = { fromMs: at('2026-03-28T12:00:00Z'), toMs: at('2026-03-30T01:00:00Z') };
  expect(daysOf(period, 'Europe/Berlin').map(({ day, ...part }) => [day, ...iso(part)])).toEqual([
    ['2026-03-28', '2026-03-28T12:00:00.000Z', '2026-03-28T23:00:00.000Z'],
    ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z', '2026-03-30T01:00:00.000Z'],
  ]);
});

test('a day that a zone has left out is no day', () => {
  const period = { fromMs: at('2011-12-29T10:00:00Z'), toMs: at('2011-12-31T12:00:00Z') };
  expect(daysOf(period, 'Pacific/Apia').map(({ day }) => day)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
});
