import { describe, expect, test } from 'vitest';
import { turnOf } from '../../test/engine-turn.ts';

const at = (text: string) => Date.parse(text);
/** A Tuesday. */
const from = '2026-11-24T10:00:00.000Z';
const waitFrom = (nowText: string, action_config: Record<string, unknown>, data: Record<string, unknown> = {}) =>
  turnOf({ action_type: 'delay', action_config: action_config as never }, { nowMs: at(nowText), event: { data: data as never } });
const until = (text: string) => ({ kind: 'waiting', untilMs: at(text), eventName: null });

test.each<[string, Record<string, unknown>, string]>([
  ['no seconds', { seconds: 0 }, from],
  ['seconds', { seconds: 90 }, '2026-11-24T10:01:30Z'],
  ['ten years', { seconds: 315_360_000 }, '2036-11-21T10:00:00Z'],
  ['a moment', { until: '2026-11-25T08:30:00+01:00' }, '2026-11-25T07:30:00Z'],
  ['a date, at its beginning in UTC', { until: '2026-11-25' }, '2026-11-25T00:00:00Z'],
  ['a field of the event', { until: '{{ renewal }}' }, '2026-12-01T00:00:00Z'],
  ['some time before a field', { until: '{{ renewal }}', offset: '-P3D' }, '2026-11-28T00:00:00Z'],
  ['some time after a field', { until: '{{ renewal }}', offset: '+PT90M' }, '2026-12-01T01:30:00Z'],
  ['a month after a field', { until: '{{ renewal }}', offset: 'P1M' }, '2027-01-01T00:00:00Z'],
])('waits for %s', (_, config, expected) => {
  expect(waitFrom(from, config, { renewal: '2026-12-01' })).toEqual(until(expected));
});

describe('the next local time', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['later today', from, { time: '18:00' }, '2026-11-24T18:00:00Z'],
    ['tomorrow, where it has passed', from, { time: '09:00' }, '2026-11-25T09:00:00Z'],
    ['tomorrow, where it is just now', from, { time: '10:00' }, '2026-11-25T10:00:00Z'],
    ['in a zone east of here', from, { time: '18:00', timezone: 'Asia/Tokyo' }, '2026-11-25T09:00:00Z'],
    ['in a zone west of here', from, { time: '09:00', timezone: 'America/New_York' }, '2026-11-24T14:00:00Z'],
    ['in a zone of half an hour', from, { time: '18:00', timezone: 'Asia/Kolkata' }, '2026-11-24T12:30:00Z'],
    ['on a weekday', from, { time: '09:00', weekdays: ['fri'] }, '2026-11-27T09:00:00Z'],
    [
      'on the weekday of the zone, not of UTC',
      '2026-11-24T23:30:00Z',
      { time: '09:00', weekdays: ['wed'], timezone: 'Asia/Tokyo' },
      '2026-11-25T00:00:00Z',
    ],
    ['in a week, where today’s has passed', from, { time: '09:00', weekdays: ['tue'] }, '2026-12-01T09:00:00Z'],
    [
      'where clocks jump over it, at the end of the gap',
      '2026-03-28T12:00:00Z',
      { time: '02:30', timezone: 'Europe/Berlin' },
      '2026-03-29T01:00:00Z',
    ],
    [
      'where clocks show it twice, at the first',
      '2026-10-24T12:00:00Z',
      { time: '02:30', timezone: 'Europe/Berlin' },
      '2026-10-25T00:30:00Z',
    ],
    ['between the two, on the day after', '2026-10-25T01:00:00Z', { time: '02:30', timezone: 'Europe/Berlin' }, '2026-10-26T01:30:00Z'],
    [
      'where clocks jump by half an hour',
      '2026-10-03T12:00:00Z',
      { time: '02:15', timezone: 'Australia/Lord_Howe' },
      '2026-10-03T15:30:00Z',
    ],
    ['across a change of clocks', '2026-03-28T12:00:00Z', { time: '09:00', timezone: 'Europe/Berlin' }, '2026-03-29T07:00:00Z'],
  ])('is waited for: %s', (_, nowText, config, expected) => {
    expect(waitFrom(nowText, config)).toEqual(until(expected));
  });
});

describe('a window', () => {
  const office = { window: { from: '09:00', to: '17:00' }, weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], timezone: 'Europe/Berlin' };
  const night = { window: { from: '22:00', to: '06:00' } };

  test.each<[string, string, Record<string, unknown>, string]>([
    ['inside, at once', from, office, from],
    ['at its opening, at once', '2026-11-24T08:00:00Z', office, '2026-11-24T08:00:00Z'],
    ['at its end, for the next', '2026-11-24T16:00:00Z', office, '2026-11-25T08:00:00Z'],
    ['before it', '2026-11-24T05:00:00Z', office, '2026-11-24T08:00:00Z'],
    ['over a weekend', '2026-11-27T18:00:00Z', office, '2026-11-30T08:00:00Z'],
    ['on a weekend', '2026-11-28T10:00:00Z', office, '2026-11-30T08:00:00Z'],
    ['that spans midnight, before midnight', '2026-11-24T23:00:00Z', night, '2026-11-24T23:00:00Z'],
    ['that spans midnight, after midnight', '2026-11-25T05:59:00Z', night, '2026-11-25T05:59:00Z'],
    ['that spans midnight, by day', from, night, '2026-11-24T22:00:00Z'],
    [
      'that spans midnight, on the morning after its weekday',
      '2026-11-25T03:00:00Z',
      { ...night, weekdays: ['tue'] },
      '2026-11-25T03:00:00Z',
    ],
    ['that spans midnight, on the morning of its weekday', '2026-11-24T03:00:00Z', { ...night, weekdays: ['tue'] }, '2026-11-24T22:00:00Z'],
    [
      'that opens in a gap, at its end',
      '2026-03-29T00:30:00Z',
      { window: { from: '02:30', to: '05:00' }, timezone: 'Europe/Berlin' },
      '2026-03-29T01:00:00Z',
    ],
  ])('is waited for %s', (_, nowText, config, expected) => {
    expect(waitFrom(nowText, config)).toEqual(until(expected));
  });
});

describe('a date that has passed', () => {
  const past = { until: '2026-11-24T09:59:59Z' };

  test('is no wait by default', () => {
    expect(waitFrom(from, past)).toEqual(until('2026-11-24T09:59:59Z'));
  });

  test('skips the delay or fails where the action says so', () => {
    expect(waitFrom(from, { ...past, on_past: 'skip' })).toEqual({ kind: 'skipped', reason: 'past' });
    expect(waitFrom(from, { ...past, on_past: 'fail' })).toMatchObject({ kind: 'failed', code: 'past', retryable: false });
  });

  test('is judged by the action’s now, not by the clock', () => {
    expect(waitFrom('2026-11-24T09:00:00Z', { ...past, on_past: 'fail' })).toEqual(until('2026-11-24T09:59:59Z'));
  });

  test('only by its offset counts too', () => {
    expect(waitFrom(from, { until: '2026-11-25', offset: '-P2D', on_past: 'skip' })).toEqual({ kind: 'skipped', reason: 'past' });
  });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
  ['is missing', { until: '{{ renewal }}' }, {}, 'template_missing'],
  ['is null', { until: '{{ renewal }}' }, { renewal: null }, 'invalid_input'],
  ['is no date', { until: '{{ renewal }}' }, { renewal: 'soon' }, 'invalid_input'],
  ['is a day that no calendar has', { until: '{{ renewal }}' }, { renewal: '2026-02-30' }, 'invalid_input'],
])('a date field that %s fails the action and names the place', (_, config, data, code) => {
  expect(waitFrom(from, config, data)).toMatchObject({ kind: 'failed', code, message: expect.stringContaining('until'), retryable: false });
});
