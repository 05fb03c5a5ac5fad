import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertWorkflow, now } from '../../../test/rows.ts';
import {
  deleteSubscriptions,
  type EnrolmentKey,
  enrol,
  findLiveInstances,
  findSubscribers,
  insertInstances,
  insertSubscriptions,
  saveEnrolment,
} from '../../index.ts';

const writer = idOf(0xaa);
let database: OwnDatabase;
let lastId = 0;

beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const newId = () => idOf(++lastId);
const insert = async (...rows: Parameters<typeof anInstanceRow>[0][]) => {
  const all = rows.map((row) => anInstanceRow({ id: newId(), ...row }));
  await insertInstances(database.pool, all, writer);
  return all.map(({ id }) => id);
};

describe('subscriptions', () => {
  const key = { tenantId: 'acme', eventName: 'invoice.paid', entityType: 'lead', entityId: "O'Hara" };
  const find = (other: Partial<typeof key> = {}) => findSubscribers(database.pool, { ...key, ...other });

  test('are found by tenant, name and entity, each exactly, and repeats add nothing', async () => {
    const [one, two] = [newId(), newId()];
    const subscriptions = [one, two].map((instanceId) => ({ ...key, instanceId }));
    await insertSubscriptions(database.pool, subscriptions);
    await insertSubscriptions(database.pool, [...subscriptions, { ...key, eventName: 'Invoice.paid', instanceId: one }]);
    expect((await find()).sort()).toEqual([one, two]);
    for (const other of [{ tenantId: 'Acme' }, { eventName: 'invoice' }, { entityType: 'task' }, { entityId: "o'hara" }])
      expect(await find(other)).toEqual([]);
  });

  test('end with their instance, but not those of one that is live', async () => {
    const ids = (await insert({ status: 'failed' }, { status: 'running' }, { status: 'pending' }, { status: 'cancelled' })).concat(newId());
    await insertSubscriptions(
      database.pool,
      ids.map((instanceId) => ({ ...key, entityId: 'ends', instanceId })),
    );
    await deleteSubscriptions(database.pool, ids);
    expect((await find({ entityId: 'ends' })).sort()).toEqual([ids[1], ids[2]].sort());
  });
});

describe('an enrolment', () => {
  const keyOf = (entityId: string): EnrolmentKey => ({ tenantId: 'acme', workflowId: 7, entityType: 'lead', entityId });

  test('is the first instance that asked, for all that ask later', async () => {
    const [first, second] = [newId(), newId()];
    const ask = (id: string, atMs: number) => database.transaction((connection) => enrol(connection, keyOf('a'), id, atMs));
    expect(await ask(first, now)).toEqual({ instanceId: first, startedAtMs: now, refused: [] });
    expect(await ask(second, now + 5)).toEqual({ instanceId: first, startedAtMs: now, refused: [] });
    expect(await ask(first, now + 9)).toEqual({ instanceId: first, startedAtMs: now, refused: [] });
  });

  test('is read as it was saved', async () => {
    const [first, second] = [newId(), newId()];
    const saved = { instanceId: second, startedAtMs: now + 7, refused: [newId(), newId()] };
    await database.transaction(async (connection) => {
      await enrol(connection, keyOf('b'), first, now);
      await saveEnrolment(connection, keyOf('b'), saved);
    });
    expect(await database.transaction((connection) => enrol(connection, keyOf('b'), first, now))).toEqual(saved);
  });

  test('of two that ask at once is one of them, and both are told which', async () => {
    const ids = Array.from({ length: 8 }, newId);
    const answers = await Promise.all(ids.map((id) => database.transaction((connection) => enrol(connection, keyOf('c'), id, now))));
    expect(new Set(answers.map(({ instanceId }) => instanceId)).size).toBe(1);
    expect(ids).toContain(answers[0]?.instanceId);
  });

  test('is none where its transaction fails', async () => {
    const [first, second] = [newId(), newId()];
    const failing = database.transaction(async (connection) => {
      await enrol(connection, keyOf('d'), first, now);
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await database.transaction((connection) => enrol(connection, keyOf('d'), second, now))).toMatchObject({ instanceId: second });
  });
});

test('live instances of a workflow come in pages, the oldest first, and no other ones', async () => {
  const [workflowId, otherId] = [await insertWorkflow(database.pool), await insertWorkflow(database.pool)];
  const ids = await insert(
    { workflowId, createdAtMs: now + 2 },
    { workflowId, createdAtMs: now + 1, status: 'pending', rowVersion: 0 },
    { workflowId, createdAtMs: now + 2 },
    { workflowId, createdAtMs: now, status: 'completed' },
    { workflowId: otherId, createdAtMs: now },
  );
  const first = await findLiveInstances(database.pool, workflowId, null, 2);
  expect(first).toEqual([
    { id: ids[1], tenantId: 'acme', entityType: 'lead', entityId: 'lead-1', rowVersion: 0, createdAtMs: now + 1 },
    { id: ids[0], tenantId: 'acme', entityType: 'lead', entityId: 'lead-1', rowVersion: 1, createdAtMs: now + 2 },
  ]);
  const second = await findLiveInstances(database.pool, workflowId, first.at(-1) ?? null, 2);
  expect(second.map(({ id }) => id)).toEqual([ids[2]]);
  expect(await findLiveInstances(database.pool, workflowId, second.at(-1) ?? null, 2)).toEqual([]);
});
