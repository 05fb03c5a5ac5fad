import { expect, test } from 'vitest';
import { mayEnterAgain } from './re-entry.ts';

const now = Date.UTC(2026, 10, 24, 10);
const hourMs = 3_600_000;

test.each<[string, Parameters<typeof mayEnterAgain>[0], { ageMs: number; isLive: boolean }, boolean]>([
  ['always, live', { re_entry: 'always', cooldown_seconds: null }, { ageMs: 0, isLive: true }, true],
  ['always with a cool-down, too soon', { re_entry: 'always', cooldown_seconds: 3_600 }, { ageMs: hourMs - 1, isLive: false }, false],
  ['always with a cool-down, just in time', { re_entry: 'always', cooldown_seconds: 3_600 }, { ageMs: hourMs, isLive: true }, true],
  ['while inactive, live', { re_entry: 'while_inactive', cooldown_seconds: null }, { ageMs: hourMs, isLive: true }, false],
  ['while inactive, ended', { re_entry: 'while_inactive', cooldown_seconds: null }, { ageMs: 0, isLive: false }, true],
  [
    'while inactive with a cool-down, ended too soon',
    { re_entry: 'while_inactive', cooldown_seconds: 3_600 },
    { ageMs: 5, isLive: false },
    false,
  ],
  [
    'while inactive with a cool-down, live after it',
    { re_entry: 'while_inactive', cooldown_seconds: 3_600 },
    { ageMs: 2 * hourMs, isLive: true },
    false,
  ],
  ['once, ended long ago', { re_entry: 'once', cooldown_seconds: null }, { ageMs: 1_000 * hourMs, isLive: false }, false],
  ['a clock that was set back', { re_entry: 'always', cooldown_seconds: 60 }, { ageMs: -hourMs, isLive: false }, false],
])('an entity may enter a workflow again: %s', (_, version, { ageMs, isLive }, expected) => {
  expect(mayEnterAgain(version, now - ageMs, isLive, now)).toBe(expected);
});
