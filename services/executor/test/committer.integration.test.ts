import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { connectDatabase, type Database, findInstances, type InstanceRow } from '@millrace/db';
import { createLogger } from '@millrace/runtime';
import { createInstallation, type Installation, insertWorkflow } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Change, Committer } from '../src/committer.ts';
import { createTables } from '../src/tables.ts';

const logger = createLogger('committer', 'silent');
let installation: Installation;
let workflowId: number;
let lastId = 0;

beforeAll(async () => {
  installation = await createInstallation('committer');
  workflowId = (await insertWorkflow(installation, 'acme', [])).id;
});
afterAll(() => installation[Symbol.asyncDispose]());

function aRow(overrides: Partial<InstanceRow> = {}): InstanceRow {
  lastId += 1;
  return {
    id: lastId.toString(16).padStart(32, '0'),
    tenantId: 'acme',
    workflowId,
    workflowVersion: 1,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId: 'lead-1',
    triggeredBy: 'event',
    triggeredByValue: 'e-1',
    status: 'running',
    progress: 0,
    executedActions: 0,
    failedActions: 0,
    rowVersion: 1,
    journal: '[]',
    publishedSeq: 0,
    wakeAtMs: null,
    waitingFor: null,
    inbox: null,
    startedAtMs: null,
    completedAtMs: null,
    createdAtMs: Date.now(),
    ...overrides,
  };
}

const anInsert = (overrides: Partial<InstanceRow> = {}): Change => ({ row: aRow(overrides), expectedRowVersion: null, journalTail: ']' });
const anUpdate = ({ row }: Change, expectedRowVersion: number, overrides: Partial<InstanceRow> = {}): Change => ({
  row: { ...row, rowVersion: expectedRowVersion + 1, ...overrides },
  expectedRowVersion,
  journalTail: ']',
});
const stored = async ({ row }: Change) => (await findInstances(installation.database.pool, [row.id])).get(row.id);
const commitAll = (changes: readonly Change[], database: Database = installation.database) => {
  const committer = new Committer(createTables(database), logger);
  return Promise.all(changes.map((change) => committer.commit(change).catch((error) => error.code as string)));
};

test('what is new is inserted, what has the expected version is replaced, and each is told its own result', async () => {
  const [first, second, third] = [anInsert(), anInsert(), anInsert()];
  expect(await commitAll([first, second])).toEqual(['won', 'won']);
  const changes = [third, anUpdate(first, 1, { status: 'completed' }), anUpdate(second, 7), first, anUpdate(anInsert(), 1)];
  expect(await commitAll(changes)).toEqual(['won', 'won', 'lost', 'lost', 'gone']);
  expect(await stored(first)).toMatchObject({ status: 'completed', rowVersion: 2 });
  expect(await stored(second)).toMatchObject({ rowVersion: 1 });
});

test('several changes of one instance are made one after the other, in the order in which they came', async () => {
  const insert = anInsert();
  const steps = [
    insert,
    anUpdate(insert, 1, { progress: 10 }),
    anUpdate(insert, 2, { progress: 20 }),
    anUpdate(insert, 2, { progress: 99 }),
  ];
  expect(await commitAll(steps)).toEqual(['won', 'won', 'won', 'lost']);
  expect(await stored(insert)).toMatchObject({ rowVersion: 3, progress: 20 });
});

test('one instance whose workflow is gone and one that the table refuses leave the others as they are', async () => {
  const known = anInsert();
  await commitAll([known]);
  const good = Array.from({ length: 30 }, () => anInsert());
  const changes = [
    ...good.slice(0, 11),
    anInsert({ workflowId: 999_999 }),
    ...good.slice(11),
    anInsert({ entityId: 'x'.repeat(129) }),
    anUpdate(known, 1, { progress: 50 }),
  ];
  const results = await commitAll(changes);
  expect(results.filter((result) => result !== 'won')).toEqual(['gone', 'row_refused']);
  expect(results[11]).toBe('gone');
  for (const change of good) expect(await stored(change)).toBeDefined();
  expect(await stored(known)).toMatchObject({ progress: 50 });
});

test('a change that the table refuses beside new instances that are written already does not make those look like another’s', async () => {
  const known = anInsert();
  await commitAll([known]);
  const good = Array.from({ length: 7 }, () => anInsert());
  const refused = anUpdate(known, 1, { waitingFor: 'x'.repeat(17) });
  expect(await commitAll([...good, refused])).toEqual([...good.map(() => 'won'), 'row_refused']);
});

test('subscriptions are there before the instance that waits, and repeats of them do nothing', async () => {
  const change = { ...anInsert(), waitsFor: ['invoice.paid', 'invoice.sent'] };
  expect(await commitAll([change, { ...anUpdate(change, 1), waitsFor: ['invoice.paid'] }])).toEqual(['won', 'won']);
  const [rows] = await installation.database.pool.query(
    'SELECT event_name FROM instance_subscriptions WHERE instance_id = unhex(?) ORDER BY event_name',
    [change.row.id],
  );
  expect(rows).toEqual([{ event_name: 'invoice.paid' }, { event_name: 'invoice.sent' }]);
});

test('a commit whose answer was lost is known to be one’s own, and another’s is not', async () => {
  let isDropping = false;
  const { hostname, port } = new URL(installation.databaseUrl);
  const proxy = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      // The server has done what it was told; nobody hears of it.
      if (isDropping) client.destroy();
      else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = Object.assign(new URL(installation.databaseUrl), { port: String((proxy.address() as AddressInfo).port) }).href;
  const database = await connectDatabase({ url, poolSize: 1 });
  const committer = new Committer(createTables(database), logger);
  const [before, mine, other] = [anInsert(), anInsert(), anInsert()];
  expect(await committer.commit(before)).toBe('won');
  await commitAll([other]);

  isDropping = true;
  const results = Promise.all([committer.commit(mine), committer.commit(anUpdate(before, 1, { progress: 40 })), committer.commit(other)]);
  await expect.poll(() => stored(mine)).toBeDefined();
  isDropping = false;
  expect(await results).toEqual(['won', 'won', 'lost']);
  expect(await stored(before)).toMatchObject({ rowVersion: 2, progress: 40 });
  await database[Symbol.asyncDispose]();
  proxy.close();
});
