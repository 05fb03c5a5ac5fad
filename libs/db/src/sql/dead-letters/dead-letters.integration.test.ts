import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { now } from '../../../test/rows.ts';
import {
  countDeadLetters,
  type DeadLetterFilter,
  type DeadLetterOrigin,
  type DeadLetterPage,
  type DeadLetterRow,
  type DeadLetterSummary,
  discardDeadLetters,
  findDeadLetter,
  findDeadLetters,
  insertDeadLetters,
  markReplayed,
} from '../../index.ts';

let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.pool.query('truncate table dead_letters'));

const aDeadLetter = (overrides: Partial<DeadLetterRow> = {}): DeadLetterRow => ({
  tenantId: 'acme',
  originTopic: 'crm.events',
  originPartition: 3,
  originOffset: 1,
  reason: 'undecodable',
  message: 'Expected magic byte 0, but it is 123',
  service: 'trigger-matcher',
  key: Buffer.from('acme'),
  value: Buffer.from([0, 255, 39, 92]),
  headers: [['mark', Buffer.from([0, 200]).toString('base64')]],
  deadLetteredAtMs: now,
  ...overrides,
});

const insert = (...rows: Partial<DeadLetterRow>[]) =>
  insertDeadLetters(
    database.pool,
    rows.map((row, index) => aDeadLetter({ originOffset: index + 1, ...row })),
  );
const find = (filter: DeadLetterFilter = {}) =>
  findDeadLetters(database.pool, filter, { order: 'origin', after: null, lastId: 100, limit: 100 });
const firstId = async () => (await find())[0]?.id ?? 0;

test('bytes, headers and texts come back as they were', async () => {
  const row = aDeadLetter({ message: `it's "\\" \0 \n 🌀`, tenantId: '' });
  expect(await insert(row)).toBe(1);
  expect(await findDeadLetter(database.pool, await firstId())).toMatchObject({
    ...row,
    valueBytes: 4,
    state: 'waiting',
    replays: 0,
    replayedAtMs: null,
    discardedAtMs: null,
  });
});

test('a tombstone is not an empty value', async () => {
  await insert({ value: null, key: null }, { value: Buffer.alloc(0), key: Buffer.alloc(0) });
  const [tombstone, nothing] = await find();
  expect([tombstone?.valueBytes, nothing?.valueBytes]).toEqual([null, 0]);
  expect(await findDeadLetter(database.pool, tombstone?.id ?? 0)).toMatchObject({ key: null, value: null });
  expect(await findDeadLetter(database.pool, nothing?.id ?? 0)).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
});

test('a record of 4 MB fits', async () => {
  const value = Buffer.alloc(4 * 1024 * 1024, 7);
  await insert({ value });
  expect((await findDeadLetter(database.pool, await firstId()))?.value?.equals(value)).toBe(true);
});

test('one that comes again counts for nothing and changes nothing', async () => {
  await insert({});
  await markReplayed(database.pool, await firstId(), now);
  expect(await insert({ message: 'again', deadLetteredAtMs: now + 5_000 }, {}, {})).toBe(2);
  expect(await find()).toMatchObject([
    { originOffset: 1, message: aDeadLetter().message, state: 'replayed', deadLetteredAtMs: now },
    { originOffset: 2, state: 'waiting' },
    { originOffset: 3 },
  ]);
});

test('topic, partition and offset together make the origin', async () => {
  expect(
    await insert({ originOffset: 1 }, { originOffset: 1, originPartition: 4 }, { originOffset: 1, originTopic: 'workflow.events' }),
  ).toBe(3);
});

test.each<[DeadLetterFilter, number[]]>([
  [{}, [1, 2, 3, 4]],
  [{ ids: [2, 4, 99] }, [2, 4]],
  [{ topic: 'workflow.commands' }, [2]],
  [{ tenantId: 'globex' }, [3]],
  [{ tenantId: '' }, [4]],
  [{ reason: 'row_refused' }, [4]],
  [{ states: ['replayed', 'discarded'] }, [1, 2]],
  [{ fromMs: now + 10 }, [3, 4]],
  [{ untilMs: now + 10 }, [1, 2]],
  [{ topic: 'crm.events', tenantId: 'acme', untilMs: now + 1 }, [1]],
])('%j chooses %j', async (filter, expected) => {
  await insert(
    {},
    { originTopic: 'workflow.commands' },
    { tenantId: 'globex', deadLetteredAtMs: now + 10 },
    { tenantId: '', reason: 'row_refused', deadLetteredAtMs: now + 20 },
  );
  await database.pool.query("update dead_letters set state = if(id = 1, 'replayed', 'discarded') where id <= 2");
  expect((await find(filter)).map(({ id }) => id).sort()).toEqual(expected);
  expect(await countDeadLetters(database.pool, filter)).toEqual({ total: expected.length, lastId: expected.at(-1) });
});

test('the newest come first, by pages', async () => {
  await insert({}, {}, {}, {});
  const ids = async (page: DeadLetterPage) => (await findDeadLetters(database.pool, {}, page)).map(({ id }) => id);
  expect(await ids({ order: 'newest', limit: 2 })).toEqual([4, 3]);
  expect(await ids({ order: 'newest', limit: 2, offset: 2 })).toEqual([2, 1]);
});

test('by origin they come as they lay on their partitions, whenever they came', async () => {
  await insert(
    { originPartition: 10 },
    { originPartition: 9, originOffset: 12 },
    { originPartition: 9, originOffset: 3 },
    { originTopic: 'workflow.events', originPartition: 0 },
    { originPartition: 0 },
  );
  const found: number[] = [];
  for (let after: DeadLetterOrigin | null = null; ; ) {
    const page: DeadLetterSummary[] = await findDeadLetters(database.pool, {}, { order: 'origin', after, lastId: 4, limit: 2 });
    found.push(...page.map(({ id }) => id));
    if (page.length < 2) break;
    after = page.at(-1) ?? null;
  }
  expect(found).toEqual([3, 2, 1, 4]);
});

test('each replay is counted, also of one that was discarded', async () => {
  await insert({});
  await discardDeadLetters(database.pool, {}, now, 10);
  await markReplayed(database.pool, 1, now + 1);
  await markReplayed(database.pool, 1, now + 2);
  expect(await find()).toMatchObject([{ state: 'replayed', replays: 2, replayedAtMs: now + 2, discardedAtMs: null }]);
});

test('only what waits is discarded, the oldest first and not more than asked for', async () => {
  await insert({}, {}, { tenantId: 'globex' }, {});
  await markReplayed(database.pool, 1, now);
  expect(await discardDeadLetters(database.pool, { tenantId: 'acme' }, now, 1)).toBe(1);
  expect((await find()).map(({ state }) => state)).toEqual(['replayed', 'discarded', 'waiting', 'waiting']);
  expect(await discardDeadLetters(database.pool, { tenantId: 'acme' }, now, 10)).toBe(1);
  expect(await discardDeadLetters(database.pool, { tenantId: 'acme' }, now, 10)).toBe(0);
});

test('what does not fit its column is refused, not cut', async () => {
  await expect(insert({ reason: 'r'.repeat(65) })).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' });
  expect(await countDeadLetters(database.pool, {})).toEqual({ total: 0, lastId: 0 });
});

test('there is no letter with an unknown id', async () => {
  expect(await findDeadLetter(database.pool, 99)).toBeNull();
});
