import { expect, test } from 'vitest';
import { type LocalWindow, nextInWindow } from './local-window.ts';

const office: LocalWindow = { from: 9 * 60, to: 17 * 60 };
const night: LocalWindow = { from: 22 * 60, to: 6 * 60 };
const nine: LocalWindow = { from: 9 * 60, to: null };
const workdays = new Set([1, 2, 3, 4, 5]);

test.each<[string, LocalWindow, Set<number> | null, string, string, string]>([
  ['now, inside', office, null, 'UTC', '2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00.000Z'],
  ['now, at its beginning', office, null, 'UTC', '2026-11-24T09:00:00.000Z', '2026-11-24T09:00:00.000Z'],
  ['tomorrow, at its end', office, null, 'UTC', '2026-11-24T17:00:00.000Z', '2026-11-25T09:00:00.000Z'],
  ['today, before it', office, null, 'UTC', '2026-11-24T08:59:59.999Z', '2026-11-24T09:00:00.000Z'],
  ['on Monday, after Friday', office, workdays, 'UTC', '2026-11-27T18:00:00.000Z', '2026-11-30T09:00:00.000Z'],
  ['now, in a window that opened yesterday', night, new Set([1]), 'UTC', '2026-11-24T03:00:00.000Z', '2026-11-24T03:00:00.000Z'],
  ['next week, in a window of another day', night, new Set([2]), 'UTC', '2026-11-24T03:00:00.000Z', '2026-11-24T22:00:00.000Z'],
  ['tomorrow, once an instant is over', nine, null, 'UTC', '2026-11-24T09:00:00.000Z', '2026-11-25T09:00:00.000Z'],
  ['in a week, where its one day is today', nine, new Set([2]), 'UTC', '2026-11-24T09:00:00.000Z', '2026-12-01T09:00:00.000Z'],
  ['by the local clock', office, null, 'Asia/Tokyo', '2026-11-24T10:00:00.000Z', '2026-11-25T00:00:00.000Z'],
  ['by the local weekday', nine, new Set([2]), 'Pacific/Apia', '2026-11-23T18:00:00.000Z', '2026-11-23T20:00:00.000Z'],
  ['at the end of a gap', { from: 150, to: null }, null, 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T01:00:00.000Z'],
  ['at the first of two', { from: 150, to: null }, null, 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T00:30:00.000Z'],
  ['at an hour earlier in UTC once clocks go forward', nine, null, 'Europe/Berlin', '2026-03-28T09:00:00.000Z', '2026-03-29T07:00:00.000Z'],
])('%s', (_, window, weekdays, timezone, now, expected) => {
  expect(new Date(nextInWindow(window, weekdays, timezone, Date.parse(now))).toISOString()).toBe(expected);
});
