import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDuration, parseDuration, parseMoment } from './moment.ts';

describe('dates', () => {
  test.each([
    ['2026-11-24', Date.UTC(2026, 10, 24)],
    ['2026-11-24T10:30', Date.UTC(2026, 10, 24, 10, 30)],
    ['2026-11-24T10:30:15Z', Date.UTC(2026, 10, 24, 10, 30, 15)],
    ['2026-11-24T10:30:15.25Z', Date.UTC(2026, 10, 24, 10, 30, 15, 250)],
    ['2026-11-24T10:30:15,25Z', Date.UTC(2026, 10, 24, 10, 30, 15, 250)],
    ['2026-11-24T10:30:15.999999999Z', Date.UTC(2026, 10, 24, 10, 30, 15, 999)],
    ['2026-11-24T10:30:15+02:00', Date.UTC(2026, 10, 24, 8, 30, 15)],
    ['2026-11-24T10:30:15-0330', Date.UTC(2026, 10, 24, 14, 0, 15)],
    ['2026-11-24T10:30+14', Date.UTC(2026, 10, 23, 20, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['0099-01-01', new Date('0099-01-01').getTime()],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('%s', (text, expected) => {
    expect(parseMoment(text)).toBe(expected);
  });

  test.each([
    '',
    'now',
    '2026',
    '2026-11',
    '20261124',
    '2026-11-24 10:30',
    '2026-11-24T',
    '2026-11-24T10',
    '2026-11-24Z',
    '2026-11-24T24:00',
    '2026-11-24T10:60',
    '2026-11-24T10:30:60Z',
    '2026-11-24T10:30:15.Z',
    '2026-11-24T10:30:15+19:00',
    '2026-11-24T10:30:15+02:60',
    '2026-11-24T10:30:15UTC',
    '2026-13-01',
    '2026-00-01',
    '2026-04-31',
    '2026-02-29',
    '2100-02-29',
    '2026-1-1',
    '24.11.2026',
    '11/24/2026',
    ' 2026-11-24',
    '2026-11-24\n',
    '-002026-11-24',
    '２０２６-11-24',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });

  test('every instant that JavaScript writes is read back to the millisecond', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseMoment(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    ['P1D', 86_400_000],
    ['P2W', 14 * 86_400_000],
    ['PT1H30M', 5_400_000],
    ['PT0.25S', 250],
    ['PT0S', 0],
    ['P1DT12H', 129_600_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)?.as('milliseconds')).toBe(ms);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1',
    '1D',
    'P-1D',
    '-P1D',
    '+P1D',
    'P1.5D',
    'PT1.5H',
    'P1H',
    'PT1D',
    'P1M1Y',
    'p1d',
    'P101Y',
    `P${'9'.repeat(70)}D`,
    ' P1D',
    'P1D\n',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    ['2026-01-31T10:00:00Z', 'P1M', 1, '2026-02-28T10:00:00Z'],
    ['2024-02-29T10:00:00Z', 'P1Y', 1, '2025-02-28T10:00:00Z'],
    ['2026-03-31T10:00:00Z', 'P1M', -1, '2026-02-28T10:00:00Z'],
    ['2026-03-28T10:00:00Z', 'P1D', 1, '2026-03-29T10:00:00Z'],
    ['2026-01-01T00:00:00Z', 'P1M2DT3H', 1, '2026-02-03T03:00:00Z'],
  ] as const)('%s and %s (%i) by the calendar of UTC', (from, duration, sign, expected) => {
    expect(addDuration(Date.parse(from), duration, sign)).toBe(Date.parse(expected));
  });

  test('what is no duration moves nothing', () => {
    expect(addDuration(0, 'tomorrow')).toBeNull();
  });
});
