import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertWorkflow, now } from '../../../test/rows.ts';
import {
  clearWakeAt,
  findInstances,
  findWorkflowVersion,
  findWriters,
  insertInstances,
  isMissingReference,
  isRowFault,
  updateInstances,
} from '../../index.ts';

const writer = idOf(0xaa);
const other = idOf(0xbb);
let database: OwnDatabase;
let lastId = 0;

beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const newId = () => idOf(++lastId);
const read = async (id: string) => (await findInstances(database.pool, [id])).get(id);

test('an instance is read as it was written, whatever its texts hold', async () => {
  const row = anInstanceRow({
    id: newId(),
    workflowId: await insertWorkflow(database.pool),
    entityId: 'O\'Hara \\ "x" \u0000 \n',
    journal: '[{"text":"日本 🎉 \\\\ \'"}]',
    inbox: '[{"event_id":"e1"}]',
    wakeAtMs: now + 123,
    waitingFor: 'delay',
    scheduledForMs: now,
  });
  expect(await insertInstances(database.pool, [row], writer)).toBe(1);
  const { inbox: _, ...written } = row;
  expect(await read(row.id)).toEqual({ ...written, inbox: null });
});

test('of instances that are inserted again only the new ones count, and the others stay as they are', async () => {
  const first = anInstanceRow({ id: newId() });
  const second = anInstanceRow({ id: newId() });
  expect(await insertInstances(database.pool, [first], writer)).toBe(1);
  expect(await insertInstances(database.pool, [second, { ...first, status: 'failed', rowVersion: 9 }], other)).toBe(1);
  expect(await read(first.id)).toEqual(first);
  expect(await findWriters(database.pool, [second.id, first.id, newId()])).toEqual(
    new Map([
      [first.id, writer],
      [second.id, other],
    ]),
  );
});

test('one instance of a workflow that is gone fails the statement, and nothing is inserted', async () => {
  const good = anInstanceRow({ id: newId() });
  const orphan = anInstanceRow({ id: newId(), workflowId: 999_999 });
  await expect(insertInstances(database.pool, [good, orphan], writer)).rejects.toSatisfy(isMissingReference);
  expect(await read(good.id)).toBeUndefined();
});

test('a text that does not fit is refused, not cut', async () => {
  const row = anInstanceRow({ id: newId(), entityId: 'x'.repeat(129) });
  await expect(insertInstances(database.pool, [row], writer)).rejects.toSatisfy(isRowFault);
  expect(await read(row.id)).toBeUndefined();
});

test('an update wins only over the version that it was decided on', async () => {
  const [won, stale] = [anInstanceRow({ id: newId() }), anInstanceRow({ id: newId(), rowVersion: 4 })];
  await insertInstances(database.pool, [won, stale], writer);
  const journal = '[{"type":"instance_started"},{"text":"日本 \\"\'"}]';
  const next = { ...won, journal, status: 'completed' as const, progress: 100, rowVersion: 2, completedAtMs: now + 5, inbox: '[]' };
  const updates = [
    { row: { ...stale, status: 'failed' as const, rowVersion: 4 }, journalTail: ',{}]' },
    { row: next, journalTail: journal.slice(won.journal.length - 1) },
  ];
  expect(await updateInstances(database.pool, updates, other, now)).toBe(1);
  expect(await read(won.id)).toEqual(next);
  expect(await read(stale.id)).toEqual(stale);
  expect(await findWriters(database.pool, [won.id, stale.id])).toEqual(
    new Map([
      [won.id, other],
      [stale.id, writer],
    ]),
  );
});

test('an update does not bring a deleted instance back', async () => {
  const gone = anInstanceRow({ id: newId() });
  const other = anInstanceRow({ id: newId() });
  await insertInstances(database.pool, [other], writer);
  const updates = [other, gone].map((row) => ({ row: { ...row, rowVersion: 2, status: 'failed' as const }, journalTail: ']' }));
  await expect(updateInstances(database.pool, updates, writer, now)).rejects.toSatisfy(isMissingReference);
  expect([await read(gone.id), await read(other.id)]).toEqual([undefined, other]);
});

test('a wake-up is taken from an ended instance of that version only, and the version stays', async () => {
  const parked = { wakeAtMs: now, waitingFor: 'action' };
  const [ended, live, moved] = [
    anInstanceRow({ id: newId(), status: 'completed', ...parked }),
    anInstanceRow({ id: newId(), status: 'running', ...parked }),
    anInstanceRow({ id: newId(), status: 'failed', rowVersion: 2, ...parked }),
  ];
  await insertInstances(database.pool, [ended, live, moved], writer);
  await clearWakeAt(
    database.pool,
    [ended, live, moved].map(({ id }) => ({ id, rowVersion: 1, publishedSeq: 7 })),
  );
  expect(await read(ended.id)).toEqual({ ...ended, wakeAtMs: null, waitingFor: null, publishedSeq: 7 });
  expect(await read(live.id)).toEqual(live);
  expect(await read(moved.id)).toEqual(moved);
});

test('empty lists ask the database nothing', async () => {
  const { pool } = database;
  expect(await insertInstances(pool, [], writer)).toBe(0);
  expect(await updateInstances(pool, [], writer, now)).toBe(0);
  expect(await findInstances(pool, [])).toEqual(new Map());
  expect(await findWriters(pool, [])).toEqual(new Map());
  await clearWakeAt(pool, []);
});

test('a version’s definition is found by workflow and number', async () => {
  const workflowId = await insertWorkflow(database.pool);
  await database.pool.query("insert into workflow_versions (workflow_id, version, tenant_id, definition) values (?, 2, 'acme', ?)", [
    workflowId,
    '{"name":"two"}',
  ]);
  expect(JSON.parse((await findWorkflowVersion(database.pool, workflowId, 2)) ?? '')).toEqual({ name: 'two' });
  expect(await findWorkflowVersion(database.pool, workflowId, 1)).toBeNull();
});
