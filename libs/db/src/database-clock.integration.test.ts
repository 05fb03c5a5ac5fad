import { createLogger } from '@millrace/runtime';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../test/own-database.ts';
import { connectDatabase, readDatabaseTime, startDatabaseClock } from './index.ts';

const logger = createLogger('clock', 'silent');
let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
afterEach(() => vi.useRealTimers());

test('it is the time of the database, never ahead of it', async () => {
  await using clock = await startDatabaseClock(database, logger);
  const before = clock.nowMs();
  const databaseMs = await readDatabaseTime(database.pool);
  expect(before).toBeLessThanOrEqual(databaseMs + 1);
  expect(databaseMs - before).toBeLessThan(1_000);
});

test.each([-600_000, 600_000])('a step of this machine’s clock by %s ms changes nothing', async (byMs) => {
  await using clock = await startDatabaseClock(database, logger);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
  const databaseMs = await readDatabaseTime(database.pool);
  expect(Math.abs(clock.nowMs() - databaseMs)).toBeLessThan(1_000);
});

test('while the database has not answered it is this machine’s time, and a service can start', async () => {
  await using away = await connectDatabase({ url: 'mysql://nobody@127.0.0.1:9/none' });
  await using clock = await startDatabaseClock(away, logger);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1_000);
});
