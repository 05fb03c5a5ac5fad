import { connectDatabase, type Database, deleteHistory, deleteInstances, findStatDifferences } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { eventually, insertWorkflow, readMetric } from '@millrace/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LogItem, orderItems } from '../src/log-item.ts';
import { writeItems } from '../src/write-items.ts';
import { type AuditUnderTest, aLife, createAuditTest } from './audit-under-test.ts';
import { anActionEntry, anEntry, now } from './log-entries.ts';
import { aRandomLife, itemsOfLife } from './random-lives.ts';

const dayMs = 86_400_000;
let under: AuditUnderTest;
beforeAll(async () => {
  under = await createAuditTest();
});
afterAll(() => under[Symbol.asyncDispose]());

const statsOf = async (workflowId = under.workflowId) => {
  const { pool } = under.installation.database;
  const of = 'tenant_id, workflow_id, version';
  const [instances] = await pool.query(
    `select ${of}, period, starts_at, started, completed, failed, cancelled, retried from workflow_stats where workflow_id = ?
      order by ${of}, period, starts_at`,
    [workflowId],
  );
  const [actions] = await pool.query(
    `select ${of}, starts_at, action_id, outcome, arm, bucket, entries, duration_ms from workflow_action_stats where workflow_id = ?
      order by ${of}, starts_at, action_id, outcome, arm, bucket`,
    [workflowId],
  );
  return { instances, actions } as { instances: Record<string, unknown>[]; actions: Record<string, unknown>[] };
};
const differences = () => findStatDifferences(under.installation.database.pool, now - dayMs);

/** As the audit logger's batches do: what the database couldn't take now comes again. */
async function write(database: Database, items: readonly LogItem[]): Promise<void> {
  for (;;) {
    try {
      await writeItems(database, orderItems(items));
      return;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
    }
  }
}

test('what the log of an instance says is counted by hour, day and in all, for its workflow and its tenant', async () => {
  const ids = await under.addInstances(2);
  const end = anEntry({ seq: 8, type: 'instance_completed', status: 'completed', duration_ms: 7 });
  for (const id of ids) {
    const entries = [...aLife(under.actionIds).slice(0, 7), end];
    const record = { header: under.logOf(id), record: undefined as unknown as LogItem['record'] };
    await write(
      under.installation.database,
      entries.map((entry) => ({ ...record, entry })),
    );
  }
  const { instances, actions } = await statsOf();
  const counts = { started: 2, completed: 2, failed: 0, cancelled: 0, retried: 0, version: 1 };
  expect(instances).toMatchObject([
    { ...counts, period: 'all', starts_at: new Date(0) },
    { ...counts, period: 'day', starts_at: new Date('2026-11-24T00:00:00Z') },
    { ...counts, period: 'hour', starts_at: new Date('2026-11-24T10:00:00Z') },
  ]);
  const [first, second, third] = under.actionIds;
  expect(actions.map(({ action_id, outcome, bucket, entries, duration_ms }) => [action_id, outcome, bucket, entries, duration_ms])).toEqual(
    [
      [0, 'completed', 7, 2, 14],
      [first, 'completed', 1, 2, 2],
      [first, 'retried', 0, 2, 0],
      [second, 'skipped', 0, 2, 0],
      [third, 'cancelled', 0, 2, 0],
      [third, 'retried', 0, 2, 0],
    ],
  );
  expect(await differences()).toEqual([]);
});

test('two writers beside each other count what comes twice, cut and mixed in any way, once', async () => {
  const { database, databaseUrl } = under.installation;
  await using other = await connectDatabase({ url: databaseUrl, poolSize: 2 });
  const workflows = await Promise.all(
    ['acme', 'globex'].flatMap((tenant) => [1, 2].map(() => insertWorkflow(under.installation, tenant, [aTag, aTag, aTag]))),
  );
  const seed = 7;
  const lives = fc.sample(aRandomLife, { numRuns: 300, seed });
  const ids = await under.addInstances(lives.length);
  const items = lives.flatMap((life, index) => {
    const place = life.workflowId === null ? null : (life.tenantId === 'acme' ? 0 : 2) + life.workflowId - 1;
    const workflow = place === null ? null : workflows[place];
    const actionIds = workflow?.actions.map(({ id }) => id) ?? [null as unknown as number];
    return itemsOfLife({ ...life, workflowId: workflow?.id ?? null }, ids[index] as string, actionIds);
  });
  const [shuffled] = fc.sample(fc.shuffledSubarray([...items, ...items], { minLength: items.length * 2 }), { numRuns: 1, seed }) as [
    LogItem[],
  ];
  const batches: LogItem[][] = [];
  for (let at = 0; at < shuffled.length; at += 40) batches.push(shuffled.slice(at, at + 40));
  const half = Math.ceil(batches.length / 2);
  const all = async (db: Database, own: LogItem[][]) => {
    for (const batch of own) await write(db, batch);
  };
  await Promise.all([all(database, [...batches.slice(0, half), ...batches]), all(other, batches.toReversed())]);
  expect(await differences()).toEqual([]);
  const { instances } = await statsOf(workflows[0]?.id);
  expect(instances.length).toBeGreaterThan(0);
});

const aTag = { action_type: 'add_tag', action_config: { tag: 'hot' } };

test('two audit loggers share the topic, one of them dies, a third reads all of it again, and each entry counts once', async () => {
  await using first = await under.start();
  const second = await under.start();
  const ids = await under.addInstances(200);
  const logs = ids.map((id) => under.logOf(id, { entity_id: id, entries: aLife(under.actionIds) }));
  await under.publish(...logs.slice(0, 100));
  await eventually(async () => expect(await readMetric(second, 'millrace_audit_entries_inserted_total')).toBeGreaterThan(0));
  second.kill('SIGKILL');
  await under.publish(...logs.slice(100));
  await under.logged(ids, 1_600);
  const before = await statsOf();
  await using again = await under.start({ GROUP_PREFIX: `${under.installation.prefix}again-` });
  await eventually(async () => expect(await readMetric(again, 'millrace_audit_entries_repeated_total')).toBeGreaterThanOrEqual(1_600));
  expect(await statsOf()).toEqual(before);
  expect(await differences()).toEqual([]);
  expect((await first.ready()).ready).toBe(true);
});

test('an entry that its tables refuse is not counted either', async () => {
  const before = await statsOf();
  const [id] = await under.addInstances(1);
  const record = { header: under.logOf(id as string), record: undefined as unknown as LogItem['record'] };
  const tooLong = anActionEntry({ type: 'arm_taken', action_id: under.actionIds[0] ?? 0, detail: JSON.stringify({ arm: 'x'.repeat(65) }) });
  const { bad, inserted } = await writeItems(under.installation.database, [{ ...record, entry: tooLong }]);
  expect([bad.length, inserted]).toEqual([1, 0]);
  expect(await under.read('workflow_execution_logs', id)).toEqual([]);
  expect(await statsOf()).toEqual(before);
});

test('retention removes rows and leaves the roll-ups', async () => {
  const { database } = under.installation;
  const before = await statsOf();
  expect(before.instances.length).toBeGreaterThan(0);
  await database.pool.query("update workflow_instances set status = 'completed', completed_at = ?, created_at = ?", [
    new Date(now - 20 * dayMs),
    new Date(now - 20 * dayMs),
  ]);
  await database.pool.query('update workflow_execution_logs set created_at = ? where workflow_id = ?', [
    new Date(now - 20 * dayMs),
    under.workflowId,
  ]);
  const retention = { tenantId: 'acme', beforeMs: now - 10 * dayMs, statuses: [], workflowId: under.workflowId };
  const chunk = await deleteHistory(database, 'execution_logs', retention, null, 100);
  expect(chunk.deleted).toBeGreaterThan(0);
  expect((await deleteInstances(database, retention, null, 20)).deleted).toBe(20);
  expect(await statsOf()).toEqual(before);
});
