import { expect, test } from 'vitest';
import { localDayAt } from './local-day.ts';

test.each([
  ['UTC', '2026-11-24T00:00:00.000Z', '2026-11-24', '2026-11-25T00:00:00.000Z'],
  ['UTC', '2026-11-24T23:59:59.999Z', '2026-11-24', '2026-11-25T00:00:00.000Z'],
  ['Europe/Berlin', '2026-11-23T23:00:00.000Z', '2026-11-24', '2026-11-24T23:00:00.000Z'],
  ['Europe/Berlin', '2026-03-28T23:30:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
  ['Europe/Berlin', '2026-10-24T22:30:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-24T10:00:00.000Z', '2026-11-25', '2026-11-25T10:00:00.000Z'],
  ['America/Santiago', '2026-09-06T02:00:00.000Z', '2026-09-05', '2026-09-06T04:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30T09:00:00.000Z', '2011-12-29', '2011-12-30T10:00:00.000Z'],
])('in %s %s lies on %s, which ends at %s', (timezone, at, day, ends) => {
  const { day: found, endsMs } = localDayAt(timezone, Date.parse(at));
  expect([found, new Date(endsMs).toISOString()]).toEqual([day, ends]);
});
