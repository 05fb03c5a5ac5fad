import { topics } from '@millrace/messages';
import { eventually, readMetric, type ServiceProcess, startTcpProxy } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LogItem, orderItems } from '../src/log-item.ts';
import { writeItems } from '../src/write-items.ts';
import { type AuditUnderTest, aLife, createAuditTest } from './audit-under-test.ts';
import { aDeadLetterRecord } from './dead-letter-record.ts';
import { anActionEntry, anEntry, instanceOf, now } from './log-entries.ts';

let under: AuditUnderTest;
let service: ServiceProcess;
beforeAll(async () => {
  under = await createAuditTest();
  service = await under.start();
});
afterAll(() => under[Symbol.asyncDispose]());

const tables = ['workflow_execution_logs', 'workflow_action_executions', 'scheduled_task_executions'] as const;
const readAll = () => Promise.all(tables.map((table) => under.read(table)));

const one = async (): Promise<string> => (await under.addInstances(1))[0] as string;

test('the log of an instance becomes its rows, those of its actions, and that of its occurrence', async () => {
  const [id, taskId] = [await one(), await under.addTask()];
  const entries = aLife(under.actionIds);
  await under.publish(under.logOf(id, { entries, scheduled_task_id: taskId, scheduled_for: now - 60_000 }));
  await under.logged([id], 8);

  const rows = await under.read('workflow_execution_logs', id);
  expect(rows.map(({ seq, action, action_id, status }) => [seq, action, action_id, status])).toEqual(
    entries.map(({ seq, type, action_id, status }) => [seq, type, action_id, status]),
  );
  expect(rows[0]).toMatchObject({ tenant_id: 'acme', workflow_id: under.workflowId, created_at: new Date(now + 1) });
  expect(JSON.parse(String(rows[2]?.detail))).toMatchObject({ action_name: 'tag', attempt: 1, error_code: 'timeout', duration_ms: 2 });
  expect(await under.read('workflow_action_executions', id)).toMatchObject([
    {
      action_id: under.actionIds[0],
      status: 'completed',
      attempts: 2,
      retry_count: 1,
      error_code: null,
      duration_ms: 1,
      last_seq: 4,
      started_at: new Date(now + 1),
    },
    {
      action_id: under.actionIds[1],
      status: 'skipped',
      skip_reason: 'condition_false',
      attempts: 0,
      retry_count: 0,
      last_seq: 5,
      started_at: null,
    },
    { action_id: under.actionIds[2], status: 'cancelled', attempts: 1, error_code: null, last_seq: 7, started_at: new Date(now + 3) },
  ]);
  expect(await under.read('scheduled_task_executions', id)).toMatchObject([
    { task_id: taskId, status: 'completed', scheduled_for: new Date(now - 60_000), duration_ms: 7, last_seq: 8, error_message: null },
  ]);
});

test.each([
  ['completed', {}],
  ['failed', { reason: 'timeout' }],
  ['cancelled', { reason: 'requested' }],
])('an instance that has %s says so in its last row', async (status, overrides) => {
  const id = await one();
  const end = anEntry({ seq: 2, type: `instance_${status}`, status, ...overrides });
  await under.publish(under.logOf(id), under.logOf(id, { entries: [end] }));
  await under.logged([id], 2);
  const rows = await under.read('workflow_execution_logs', id);
  expect(rows.at(-1)).toMatchObject({ action: `instance_${status}`, status });
});

test('an occurrence that ran for longer than a number of its column holds is written all the same', async () => {
  const [id, taskId] = [await one(), await under.addTask()];
  const header = { scheduled_task_id: taskId, scheduled_for: now };
  await under.publish(under.logOf(id, header));
  await under.publish(
    under.logOf(id, { ...header, entries: [anEntry({ seq: 2, type: 'instance_completed', status: 'completed', at: now + 3e9 })] }),
  );
  await under.logged([id], 2);
  expect(await under.read('scheduled_task_executions', id)).toMatchObject([{ status: 'completed', duration_ms: 2_147_483_647 }]);
});

test('a run whose task is gone keeps its log and has no occurrence', async () => {
  const id = await one();
  await under.publish(under.logOf(id, { scheduled_task_id: 999_999, scheduled_for: now }));
  await under.logged([id], 1);
  expect(await under.read('scheduled_task_executions', id)).toEqual([]);
});

test('a topic that is read all over again changes nothing', async () => {
  const ids = await under.addInstances(50);
  await under.publish(...ids.map((id) => under.logOf(id, { entries: aLife(under.actionIds) })));
  await under.logged(ids, 400);
  const before = await readAll();
  await using again = await under.start({ GROUP_PREFIX: `${under.installation.prefix}again-` });
  await eventually(async () => expect(await readMetric(again, 'millrace_audit_entries_repeated_total')).toBeGreaterThanOrEqual(400));
  expect(await readAll()).toEqual(before);
});

test('in whatever order and how often entries come, the tables end the same', async () => {
  const taskId = await under.addTask();
  const record = aDeadLetterRecord({ topic: topics.executionLog.name });
  const ids = await under.addInstances(30);
  const outcomes = new Set<string>();
  for (const [seed, id] of ids.entries()) {
    const { entries, ...header } = under.logOf(id, {
      entries: aLife(under.actionIds),
      scheduled_task_id: taskId,
      scheduled_for: now + seed * 1_000,
    });
    const random = randomOf(seed);
    const items: LogItem[] = [...entries, ...entries].map((entry) => ({ header, entry, record }));
    if (seed > 0) items.sort(() => random() - 0.5);
    while (items.length > 0)
      await writeItems(under.installation.database, orderItems(items.splice(0, seed === 0 ? 16 : 1 + Math.floor(random() * 4))));
    const rows = await Promise.all(tables.map((table) => under.read(table, id)));
    outcomes.add(JSON.stringify(rows, (key, value) => (key === 'instance_id' || key === 'scheduled_for' ? undefined : value)));
  }
  expect(outcomes.size).toBe(1);
});

test('of an entry that comes again with other fields hidden the first one counts', async () => {
  const id = await one();
  const [action] = under.actionIds;
  const told = (to: string) =>
    under.logOf(id, {
      entries: [
        anEntry(),
        anActionEntry({
          seq: 2,
          type: 'action_completed',
          status: 'completed',
          action_id: action ?? 0,
          attempt: 1,
          detail: `{"input":{"to":"${to}"}}`,
        }),
      ],
    });
  await under.publish(told('***'));
  await under.logged([id], 2);
  const before = [await under.read('workflow_execution_logs', id), await under.read('workflow_action_executions', id)];
  const end = anEntry({ seq: 3, type: 'instance_completed', status: 'completed' });
  await under.publish(told('ann@example.com'), under.logOf(id, { entries: [end] }));
  await under.logged([id], 3);
  const [log = [], executions] = [await under.read('workflow_execution_logs', id), await under.read('workflow_action_executions', id)];
  expect([log.slice(0, 2), executions]).toEqual(before);
});

test('a bad row is found in its batch and dead-lettered, and the rest is written', async () => {
  const ids = await under.addInstances(400);
  const [tooLong, noJson, noAction, noWorkflow, noTime] = ids as [string, string, string, string, string];
  const bad = new Map([
    [tooLong, under.logOf(tooLong, { entries: [anEntry(), anEntry({ seq: 2, type: 'x'.repeat(65) })] })],
    [noJson, under.logOf(noJson, { entries: [anEntry({ detail: '{"canary":' })] })],
    [
      noAction,
      under.logOf(noAction, { entries: [anActionEntry({ seq: 1, type: 'action_started', status: 'running', action_id: 999_999 })] }),
    ],
    [noWorkflow, under.logOf(noWorkflow, { workflow_id: 999_999 })],
    [noTime, under.logOf(noTime, { entries: [anEntry({ at: 8.64e15 + 1 })] })],
  ]);
  await under.publish(...ids.map((id) => bad.get(id) ?? under.logOf(id, { entries: aLife(under.actionIds) })));
  await under.logged(ids, (ids.length - bad.size) * 8 + 1);
  expect(await under.read('workflow_execution_logs', tooLong)).toMatchObject([{ seq: 1, action: 'instance_started' }]);
  const letters = await eventually(() => {
    const found = under.deadLetters.all().filter(({ reason }) => reason === 'row_refused');
    expect(found).toHaveLength(bad.size);
    return found;
  });
  const encoded = await Promise.all([...bad.values()].map((log) => under.installation.codec.encode(topics.executionLog, log)));
  expect(letters.map(({ value }) => value?.toString('hex')).sort()).toEqual(encoded.map((value) => value.toString('hex')).sort());
  await eventually(() => {
    const logged = service
      .output()
      .split('\n')
      .filter((line) => line.includes('"dead letter"'));
    expect(logged.filter((line) => line.includes('row_refused'))).toHaveLength(bad.size);
  });
  expect(service.output()).not.toContain('canary');
});

test('records that never will be one go to the dead-letter topic, and their partition goes on', async () => {
  const id = await one();
  const { bus, codec } = under.installation;
  const encode = (log = under.logOf(id)) => codec.encode(topics.executionLog, log);
  const at = { topic: topics.executionLog, tenantId: 'acme', partition: 5 };
  const poison: [string, Buffer | null, string][] = [
    ['tombstone', null, 'undecodable'],
    ['nonsense', Buffer.from('nonsense'), 'undecodable'],
    ['truncated', (await encode()).subarray(0, -1), 'undecodable'],
    ['other tenant', await encode({ ...under.logOf(id), tenant_id: 'other' }), 'tenant_mismatch'],
    ['no instance', await encode({ ...under.logOf(id), instance_id: 'x' }), 'log_invalid'],
  ];
  await bus.publish([...poison.map(([mark, value]) => ({ ...at, value, headers: { mark } })), { ...at, value: await encode() }]);
  await under.logged([id], 1);
  const found = await eventually(() => {
    const letters = under.deadLetters.all().filter(({ mark }) => mark !== undefined);
    expect(letters).toHaveLength(poison.length);
    return new Map(letters.map(({ mark, reason }) => [mark, reason]));
  });
  expect(found).toEqual(new Map(poison.map(([mark, , reason]) => [mark, reason])));
});

test("a deleted instance's entries are counted and dropped, the others of their batch are written", async () => {
  const before = await readMetric(service, 'millrace_audit_entries_dropped_total');
  const ids = await under.addInstances(20);
  await under.publish(
    ...ids.flatMap((id) => [under.logOf(id), under.logOf(instanceOf(0xdead), { entries: [anEntry({ seq: 1 }), anEntry({ seq: 2 })] })]),
  );
  await under.logged(ids, ids.length);
  await eventually(async () =>
    expect(await readMetric(service, 'millrace_audit_entries_dropped_total')).toBeGreaterThanOrEqual(before + 2),
  );
  expect(await under.read('workflow_execution_logs', instanceOf(0xdead))).toEqual([]);
  expect(under.deadLetters.all().filter(({ value }) => value?.includes(instanceOf(0xdead)))).toEqual([]);
});

test('while the database is away nothing is lost and nothing dead-lettered', async () => {
  await using other = await createAuditTest();
  await using proxy = await startTcpProxy(other.installation.databaseUrl);
  await using waiting = await other.start({ DATABASE_URL: proxy.url });
  const ids = await other.addInstances(600);
  const logs = ids.map((id) => other.logOf(id, { entries: aLife(other.actionIds) }));
  await other.publish(...logs.slice(0, 300));
  await eventually(async () => expect((await other.read('workflow_execution_logs')).length).toBeGreaterThan(0), { everyMs: 5 });
  proxy.cut();
  await other.publish(...logs.slice(300));
  await eventually(() => expect(waiting.output()).toContain('a batch failed and is tried again'));
  await expect(waiting.ready()).rejects.toThrow('Expected an answer from the database');
  expect(other.deadLetters.all()).toEqual([]);
  proxy.mend();
  await other.logged(ids, 4_800);
  expect(other.deadLetters.all()).toEqual([]);
  await eventually(async () => expect(await waiting.ready()).toMatchObject({ ready: true, retrying: false, lag: 0 }));
});

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
