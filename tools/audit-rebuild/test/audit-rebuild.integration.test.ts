import { createKafka, parseStackSettings } from '@millrace/demo';
import { topics } from '@millrace/messages';
import { aLeadCreated, eventually, runTool, useMillrace } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const millrace = useMillrace('audit-rebuild');
const instances = 60;
const historyTables = [
  'workflow_execution_logs',
  'workflow_action_executions',
  'scheduled_task_executions',
  'workflow_stats',
  'workflow_action_stats',
];

interface Table {
  equal: number;
  older: number;
  moving: number;
  differences: { row: string; kind: string; columns?: string[] }[];
}
interface Answer {
  inserted: number;
  repeated: number;
  dropped: number;
  bad: number;
  instances: number;
  tables: Record<string, Table>;
  is_equal: boolean;
}

const copyName = () => `${new URL(millrace().installation.databaseUrl).pathname.slice(1)}_copy`;

async function rebuild(...args: string[]): Promise<{ code: number | null; answer: Answer; stderr: string }> {
  const { code, stdout, stderr } = await runTool('audit-rebuild', ['--into', copyName(), '--json', ...args], millrace().installation.env);
  return { code, stderr, answer: (stdout === '' ? null : JSON.parse(stdout)) as Answer };
}

const query = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await millrace().installation.database.pool.query(sql, values))[0] as T[];
const countIn = async (table: string) => Number((await query<{ found: number }>('SELECT COUNT(*) AS found FROM ??', [table]))[0]?.found);

beforeAll(async () => {
  const { crm, api, publishWorkflow, drained } = millrace();
  const workflow = await publishWorkflow('acme', {
    name: 'Welcome',
    triggers: [{ trigger_type: 'lead_created', trigger_config: {} }],
    actions: [
      { action_type: 'send_email', action_config: { to: '{{ lead.email }}', subject: 'Hello', text: 'Hello' } },
      {
        action_type: 'branch',
        action_config: {
          branches: [
            {
              name: 'high',
              conditions: [{ field: 'lead_score', operator: 'greater_than', value: 50 }],
              actions: [{ action_type: 'add_tag', action_config: { tag: 'hot' } }],
            },
          ],
        },
      },
      { action_type: 'http_request', action_config: { url: 'https://127.0.0.1/' }, on_error: 'fail', retry_policy: { max_attempts: 1 } },
    ],
  });
  const task = { name: 'nightly', type: 'report', config: { report: 'failures' }, schedule: '@yearly', enabled: true };
  const created = await api('acme').request<{ id: number }>('POST', '/scheduled-tasks', { body: task });
  expect((await api('acme').request('POST', `/scheduled-tasks/${created.body.id}/run`)).status).toBe(202);
  await crm.publish(
    Array.from({ length: instances }, (_, index) =>
      aLeadCreated({ tenant_id: 'acme', event_id: `e-${index}`, entity_id: `lead-${index}` }, { lead_score: index }),
    ),
  );
  await eventually(async () => {
    const found = await api('acme').instances(workflow.id);
    expect(found.filter(({ status }) => status === 'failed')).toHaveLength(instances);
    expect(await countIn('scheduled_task_executions')).toBe(1);
  });
  await drained();
});
afterAll(async () => {
  await query('DROP DATABASE IF EXISTS ??', [copyName()]);
});

test('what is rebuilt from the topic is equal to the live tables, roll-ups included', async () => {
  const { code, answer, stderr } = await rebuild();
  expect(stderr).toBe('');
  expect(answer).toMatchObject({ instances: instances + 1, bad: 0, dropped: 0, is_equal: true });
  expect(code).toBe(0);
  for (const table of historyTables) {
    expect([table, answer.tables[table]]).toEqual([table, { equal: await countIn(table), older: 0, moving: 0, differences: [] }]);
  }
  expect(answer.tables.workflow_execution_logs?.equal).toBeGreaterThan(instances * 4);
});

test('a copy that holds history is left alone, unless it may be emptied', async () => {
  const refused = await rebuild();
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Expected an empty workflow_execution_logs in the copy')]);
  expect(await rebuild('--empty')).toMatchObject({ code: 0, answer: { is_equal: true } });
});

test('the live database is refused', async () => {
  const { installation } = millrace();
  const before = await countIn('workflow_execution_logs');
  const { code, stderr } = await runTool('audit-rebuild', ['--into', installation.databaseUrl, '--empty'], installation.env);
  expect([code, stderr]).toEqual([1, expect.stringContaining('names the same')]);
  expect(await countIn('workflow_execution_logs')).toBe(before);
});

test('rows that were lost, changed or invented are named', async () => {
  const [lost, altered] = await query<{ id: Buffer; hex: string }>(
    "SELECT instance_id AS id, LOWER(HEX(instance_id)) AS hex FROM workflow_action_executions WHERE action_type = 'send_email' LIMIT 2",
  );
  await query('DELETE FROM workflow_execution_logs WHERE instance_id = ? AND seq = 2', [lost?.id]);
  await query('UPDATE workflow_execution_logs SET seq = 99 WHERE instance_id = ? AND seq = 3', [lost?.id]);
  await query(
    "UPDATE workflow_action_executions SET status = 'skipped', result = NULL WHERE instance_id = ? AND action_type = 'send_email'",
    [altered?.id],
  );
  await query("UPDATE workflow_stats SET failed = failed + 1 WHERE period = 'hour' AND workflow_id > 0");
  await query("DELETE FROM workflow_action_stats WHERE outcome = 'arm'");
  await query("UPDATE scheduled_task_executions SET status = 'cancelled'");
  const { code, answer } = await rebuild('--empty');
  expect([code, answer.is_equal]).toEqual([1, false]);
  const found = (table: string) =>
    answer.tables[table]?.differences.map(({ row, kind, columns }) => [row.replace(/^0+(?=\d)/, ''), kind, ...(columns ?? [])]);
  const seq = (number: number) => `${lost?.hex.replace(/^0+(?=\d)/, '')}/${String(number).padStart(20, '0')}`;
  expect(found('workflow_execution_logs')?.sort()).toEqual(
    [
      [seq(2), 'only_rebuilt'],
      [seq(3), 'only_rebuilt'],
      [seq(99), 'only_live'],
    ].sort(),
  );
  expect(found('workflow_action_executions')).toEqual([
    [expect.stringContaining(altered?.hex.slice(-20) ?? ''), 'differs', 'status', 'result'],
  ]);
  expect(found('workflow_stats')).toEqual([[expect.stringContaining('acme/hour/'), 'differs', 'failed']]);
  expect(found('workflow_action_stats')?.map(([, kind]) => kind)).toEqual(expect.arrayContaining(['only_rebuilt']));
  expect(found('scheduled_task_executions')).toEqual([[expect.any(String), 'differs', 'status']]);
});

test('the tables themselves are rebuilt where that is asked for, and then there is nothing to tell', async () => {
  const { installation, services } = millrace();
  expect(await services.end('audit-logger', 'SIGTERM')).toBe(0);
  const { code, stdout } = await runTool('audit-rebuild', ['--into', installation.databaseUrl, '--live', '--empty'], installation.env);
  expect([code, stdout]).toEqual([0, expect.stringContaining('nothing was compared')]);
  await services.restart('audit-logger');
  expect(await rebuild('--empty')).toMatchObject({ code: 0, answer: { is_equal: true } });
});

test('instances that started since the copy was made come into it at the next run', async () => {
  const { crm, drained } = millrace();
  await crm.publish([aLeadCreated({ tenant_id: 'acme', event_id: 'later', entity_id: 'lead-later' }, { lead_score: 1 })]);
  await eventually(async () =>
    expect(await query("SELECT 1 FROM workflow_instances WHERE entity_id = 'lead-later' AND status = 'failed'")).toHaveLength(1),
  );
  await drained();
  const { code, answer } = await rebuild('--empty');
  expect([code, answer.dropped, answer.instances]).toEqual([0, 0, instances + 2]);
});

test('what the topic no longer has is older, and no difference', async () => {
  const { installation } = millrace();
  const { env, prefix } = installation;
  const admin = createKafka(parseStackSettings(env), 'test-rebuild').admin();
  await admin.connect();
  const topic = `${prefix}${topics.executionLog.name}`;
  const ends = await admin.fetchTopicOffsets(topic);
  const cut = ends
    .filter(({ high }) => Number(high) > 1)
    .map(({ partition, high }) => ({ partition, offset: String(Math.floor(Number(high) / 2)) }));
  await admin.deleteTopicRecords({ topic, partitions: cut });
  await admin.disconnect();
  const { code, answer } = await rebuild('--empty');
  expect([code, answer.is_equal]).toEqual([0, true]);
  expect(answer.tables.workflow_execution_logs?.older).toBeGreaterThan(0);
  expect(answer.tables.workflow_execution_logs).toMatchObject({ equal: expect.any(Number), moving: 0, differences: [] });
  expect(answer.tables.workflow_execution_logs?.equal).toBeGreaterThan(0);
});
