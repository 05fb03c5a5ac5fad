import { connectDatabase, type Database } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { createInstallation, type Installation } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Allowance, DailyAllowances, type DailyLimit, shareOf } from '../src/daily-allowance.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('daily-allowance');
});
afterAll(() => installation[Symbol.asyncDispose]());

const start = Date.parse('2026-11-24T12:00:00Z');
const aClock = () => {
  const clock = { nowMs: start, now: () => clock.nowMs, elapsed: () => clock.nowMs - start };
  return clock;
};
const limit = (tenantId: string, most: number, overrides: Partial<DailyLimit> = {}): DailyLimit => ({
  tenantId,
  resource: 'emails',
  most,
  timezone: 'UTC',
  ...overrides,
});
const takeUntilSpent = async (allowances: DailyAllowances, of: DailyLimit) => {
  for (let granted = 0; ; granted += 1) {
    const allowance = await allowances.take(of);
    if (allowance.kind === 'spent') return { granted, untilMs: allowance.untilMs };
  }
};
const usedBy = async (tenantId: string) => {
  const [rows] = await installation.database.pool.query('SELECT day, used FROM tenant_usage WHERE tenant_id = ?', [tenantId]);
  return (rows as { day: string; used: number }[])[0];
};

test.each([
  [10_000, 0, 100],
  [1_000, 0, 20],
  [1_000, 990, 1],
  [10, 0, 1],
  [1, 0, 1],
  [1, 1, 0],
  [5, 9, 0],
  [0, 0, 0],
])('of %i a day of which %i are used a process takes %i at once', (most, used, share) => {
  expect(shareOf(most, used)).toBe(share);
});

test('several processes grant together what the day has, to the last one', async () => {
  const of = limit('together', 137);
  const processes = [1, 2, 3].map(() => new DailyAllowances(installation.database, aClock()));
  const results = await Promise.all(processes.map((process) => takeUntilSpent(process, of)));
  expect(results.reduce((sum, { granted }) => sum + granted, 0)).toBe(137);
  expect(await usedBy('together')).toEqual({ day: '2026-11-24', used: 137 });
});

test('many that ask at once are answered by one look at the row', async () => {
  const allowances = new DailyAllowances(installation.database, aClock());
  const answers = await Promise.all(Array.from({ length: 150 }, () => allowances.take(limit('at-once', 100_000))));
  expect(answers.every(({ kind }) => kind === 'granted')).toBe(true);
  expect((await usedBy('at-once'))?.used).toBe(200);
});

test('the next day begins at the tenant’s midnight, and has its own count', async () => {
  const clock = aClock();
  const allowances = new DailyAllowances(installation.database, clock);
  const of = limit('berlin', 2, { timezone: 'Europe/Berlin' });
  clock.nowMs = Date.parse('2026-11-24T22:30:00Z');
  expect(await takeUntilSpent(allowances, of)).toEqual({ granted: 2, untilMs: Date.parse('2026-11-24T23:00:00Z') });
  clock.nowMs = Date.parse('2026-11-24T23:00:00Z');
  expect(await takeUntilSpent(allowances, of)).toMatchObject({ granted: 2 });
  expect(await usedBy('berlin')).toEqual({ day: '2026-11-25', used: 2 });
});

test('a day that has begun elsewhere is counted on by a clock that is behind', async () => {
  const [ahead, behind] = [aClock(), aClock()];
  ahead.nowMs = Date.parse('2026-11-25T00:00:01Z');
  behind.nowMs = Date.parse('2026-11-24T23:59:59Z');
  const of = limit('clocks', 4);
  await new DailyAllowances(installation.database, ahead).take(of);
  expect(await takeUntilSpent(new DailyAllowances(installation.database, behind), of)).toMatchObject({ granted: 3 });
});

test('a limit that is raised counts two seconds later, and what waits asks again within the hour', async () => {
  const clock = aClock();
  const allowances = new DailyAllowances(installation.database, clock);
  expect(await takeUntilSpent(allowances, limit('raised', 1))).toEqual({ granted: 1, untilMs: start + 3_600_000 });
  expect(await allowances.take(limit('raised', 2))).toMatchObject({ kind: 'spent' });
  clock.nowMs += 2_000;
  expect(await takeUntilSpent(allowances, limit('raised', 2))).toMatchObject({ granted: 1 });
});

test('what wasn’t sent is given back, as is what a process holds when it stops', async () => {
  const of = limit('returned', 500);
  const first = new DailyAllowances(installation.database, aClock());
  const allowance = (await first.take(of)) as Extract<Allowance, { kind: 'granted' }>;
  await first.take(of);
  expect((await usedBy('returned'))?.used).toBe(10);
  allowance.giveBack();
  await first[Symbol.asyncDispose]();
  expect((await usedBy('returned'))?.used).toBe(1);
});

test('mails and texts, and tenants, are counted apart', async () => {
  const allowances = new DailyAllowances(installation.database, aClock());
  await takeUntilSpent(allowances, limit('apart', 1));
  expect(await allowances.take(limit('apart', 1, { resource: 'texts' }))).toMatchObject({ kind: 'granted' });
  expect(await allowances.take(limit('Apart', 1))).toMatchObject({ kind: 'granted' });
});

test('while the database is away what is held is granted, and what isn’t is asked for again', async () => {
  const database: Database = await connectDatabase({ url: installation.databaseUrl, poolSize: 1 });
  const allowances = new DailyAllowances(database, aClock());
  await allowances.take(limit('away', 100));
  await database[Symbol.asyncDispose]();
  expect(await allowances.take(limit('away', 100))).toMatchObject({ kind: 'granted' });
  await expect(allowances.take(limit('away', 100))).rejects.toBeInstanceOf(RetryableError);
});
