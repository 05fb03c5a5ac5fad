import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { createOffsetAt, endOfGap, instantsOf } from './local-time.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Kathmandu'];

test('a remembered offset is the zone’s own at any instant', () => {
  const near = fc.constantFrom(
    ...['2011-12-30T10:00Z', '2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-04-04T15:00Z', '2006-04-02T03:31Z'],
  );
  const instants = fc.oneof(
    fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }),
    fc.tuple(near, fc.integer({ min: -100_000, max: 100_000 })).map(([instant, shift]) => Date.parse(instant) + shift),
  );

  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
      expect(createOffsetAt(zone)(instant)).toBe(IANAZone.create(zone).offset(instant) * 60_000);
    }),
    { numRuns: 2_000 },
  );
});

describe('the instants of a local time', () => {
  const berlin = createOffsetAt('Europe/Berlin');
  const instants = (local: string) => instantsOf(berlin, Date.parse(`${local}Z`)).map((instant) => new Date(instant).toISOString());

  test('are one on most days', () => {
    expect(instants('2026-11-24T10:00')).toEqual(['2026-11-24T09:00:00.000Z']);
  });

  test('are none in a gap, which ends at the first valid instant after', () => {
    expect(instants('2026-03-29T02:30')).toEqual([]);
    expect(endOfGap(berlin, Date.parse('2026-03-29T02:30Z'))).toBe(Date.parse('2026-03-29T01:00Z'));
  });

  test('are two in an overlap, the earlier first', () => {
    expect(instants('2026-10-25T02:30')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
  });
});
