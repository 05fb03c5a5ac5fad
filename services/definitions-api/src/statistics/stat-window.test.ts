import { expect, test } from 'vitest';
import { startsOf, statWindow } from './stat-window.ts';

const now = Date.parse('2026-11-24T10:30:00Z');
const at = (text: string) => new Date(text);
const window = (query: Parameters<typeof statWindow>[0]) => {
  const { fromMs, toMs } = statWindow(query, now);
  return [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
};

test('it is the last 30 days, by hours the last 7, today included', () => {
  expect(window({ interval: 'day' })).toEqual(['2026-10-26T00:00', '2026-11-25T00:00']);
  expect(window({ interval: 'hour' })).toEqual(['2026-11-18T00:00', '2026-11-25T00:00']);
});

test('what is asked for is widened to whole days', () => {
  expect(window({ interval: 'hour', from: at('2026-11-20T09:00:00Z'), to: at('2026-11-21T00:00:00.001Z') })).toEqual([
    '2026-11-20T00:00',
    '2026-11-22T00:00',
  ]);
  expect(window({ interval: 'day', to: at('2026-11-01T00:00:00Z') })).toEqual(['2026-10-02T00:00', '2026-11-01T00:00']);
});

test('a year is the most by days, 31 days by hours', () => {
  expect(window({ interval: 'day', from: at('2025-11-24T12:00:00Z') })[0]).toBe('2025-11-24T00:00');
  expect(window({ interval: 'hour', from: at('2026-10-25T00:00:00Z') })[0]).toBe('2026-10-25T00:00');
});

test.each([
  ['more than a year', { interval: 'day', from: at('2025-11-23T00:00:00Z') }, 'from'],
  ['more than 31 days by hours', { interval: 'hour', from: at('2026-10-24T00:00:00Z') }, 'from'],
  ['an end before the beginning', { interval: 'day', from: at('2026-11-20T00:00:00Z'), to: at('2026-11-19T00:00:00Z') }, 'from'],
  ['nothing', { interval: 'day', from: at('2026-11-20T00:00:00Z'), to: at('2026-11-20T00:00:00Z') }, 'from'],
  ['what was before 1970', { interval: 'day', from: at('1969-12-31T00:00:00Z'), to: at('1970-01-03T00:00:00Z') }, 'from'],
  ['the year 9999', { interval: 'day', to: at('9999-12-31T23:59:59Z') }, 'to'],
] as const)('%s is refused', (_, query, path) => {
  expect(() => statWindow(query, now)).toThrow(expect.objectContaining({ status: 422, errors: [expect.objectContaining({ path })] }));
});

test('points are the hours or days of the window', () => {
  const day = { fromMs: Date.UTC(2026, 2, 29), toMs: Date.UTC(2026, 2, 31) };
  expect(startsOf(day, 'day')).toEqual([Date.UTC(2026, 2, 29), Date.UTC(2026, 2, 30)]);
  expect(startsOf(day, 'hour')).toHaveLength(48);
});
