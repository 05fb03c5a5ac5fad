import { freePort, type ServiceProcess, startService } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandSender, createSender } from '../src/command-sender.ts';
import { startRelay } from '../src/relay.ts';
import { type ApiUnderTest, eventually, startApi, workflowBody } from './api-under-test.ts';
import { type DefinitionsReader, followDefinitions } from './definitions-reader.ts';
import { serviceEnv } from './service-env.ts';

const tenant = 'tenant-123';
let api: ApiUnderTest;
let topic: DefinitionsReader;
let sender: CommandSender;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  api = stack.use(await startApi());
  sender = stack.use(createSender(api.bus));
  topic = stack.use(await followDefinitions(api));
});
afterAll(() => stack.disposeAsync());

const create = async () => (await api.request('POST', '/workflows', { body: workflowBody() })).body;
const keyOf = (id: number) => `${tenant}/${id}`;
const marksOf = async (id: number) => {
  const [rows] = await api.database.pool.query('select mark from outbox_messages where workflow_id = ?', [id]);
  return rows as { mark: number }[];
};

test('an older state that lands after a newer one is followed by the newer one again', async () => {
  const { id } = await create();
  await eventually(async () => topic.last.get(keyOf(id))?.version === 1 && (await marksOf(id)).length === 0);
  const { database, codec, logger } = api;
  const held = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  // A relay that reads the state, and whose record reaches the broker only once it is let go: as a process that was paused.
  const slow: CommandSender = {
    ...sender,
    send: async (record) => {
      taken.resolve();
      await held.promise;
      await sender.send(record);
    },
  };
  await database.pool.query('insert into outbox_messages (workflow_id, tenant_id, mark) values (?, ?, 1)', [id, tenant]);
  await using _paused = startRelay({ database, sender: slow, codec, logger, everyMs: 20 });
  await taken.promise;
  await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false } });
  await eventually(async () => topic.last.get(keyOf(id))?.version === 2);
  held.resolve();
  await eventually(async () => {
    const versions = topic.history.get(keyOf(id)) ?? [];
    return versions.lastIndexOf(1) > versions.indexOf(2);
  });
  await eventually(async () => (await marksOf(id)).length === 0 && topic.last.get(keyOf(id))?.version === 2);
  expect(topic.last.get(keyOf(id))).toMatchObject({ version: 2, enabled: false });
});

test('what a killed process has committed and could not publish is published by another within two seconds', async () => {
  const start = async (env: Record<string, string>): Promise<ServiceProcess & { url: string }> => {
    const port = await freePort();
    const settings = { ...(await serviceEnv(api)), API_PORT: String(port), ...env };
    return Object.assign(await startService('definitions-api', settings, await freePort()), { url: `http://127.0.0.1:${port}/api/v1` });
  };
  const dying = await start({ KAFKA_BROKERS: '127.0.0.1:1' });
  const answer = await fetch(`${dying.url}/workflows`, {
    method: 'POST',
    headers: { 'X-Tenant-ID': 'killed', 'Content-Type': 'application/json' },
    body: JSON.stringify(workflowBody()),
  });
  expect(answer.status).toBe(201);
  const committedAt = performance.now();
  const { id } = (await answer.json()) as { id: number };
  dying.kill('SIGKILL');
  expect(await dying.exited).toBe('SIGKILL');
  expect((await eventually(async () => topic.readAt.get(`killed/${id}@1`))) - committedAt).toBeLessThan(2_000);
});

test('a change is in the topic within two seconds, 99 times of 100, while changes come from all sides', async () => {
  const workflows = await Promise.all(Array.from({ length: 10 }, create));
  const committedAt = new Map<string, number>();
  await Promise.all(
    workflows.map(async ({ id }) => {
      for (let change = 0; change < 10; change += 1) {
        const { body } = await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: change % 2 === 1 } });
        committedAt.set(`${keyOf(id)}@${body.version}`, performance.now());
      }
      await eventually(async () => topic.last.get(keyOf(id))?.version === 11);
    }),
  );
  // A version that another followed at once need not be published itself: then the later one tells.
  const lags = [...committedAt].map(([version, at]) => (seenAt(version) ?? Number.POSITIVE_INFINITY) - at).sort((a, b) => a - b);
  expect(lags).toHaveLength(100);
  expect(lags[98]).toBeLessThan(2_000);
});

/** When this version or a later one of the same workflow was read. */
function seenAt(version: string): number | undefined {
  const [key, number] = version.split('@');
  const times = [...topic.readAt].filter(([read]) => read.startsWith(`${key}@`) && Number(read.split('@')[1]) >= Number(number));
  return times.length === 0 ? undefined : Math.min(...times.map(([, at]) => at));
}

test('clients that update, enable and delete at once leave tables, version and topic alike', async () => {
  const workflows = await Promise.all(Array.from({ length: 6 }, create));
  const outcomes = await Promise.all(workflows.flatMap(({ id }, index) => changesAtOnce(id, index % 2 === 0)));
  // Who comes after a deletion finds nothing; nobody else is refused.
  for (const { status, deletes } of outcomes) expect(deletes ? [202, 404] : [200, 201, 204, 404]).toContain(status);
  for (const { id } of workflows) await expectAgreement(id);
});

function changesAtOnce(id: number, isDeleted: boolean): Promise<{ status: number; deletes: boolean }>[] {
  const change = async (method: string, path: string, body?: unknown) => {
    const { status } = await api.request(method, `/workflows/${id}${path}`, { body });
    return { status, deletes: method === 'DELETE' && path === '' };
  };
  const tag = (name: string) => ({ name, action_type: 'add_tag', action_config: { tag: name } });
  return Array.from({ length: 5 }, (_, round) => [
    change('PUT', '', workflowBody({ actions: [tag(`a${round}`), tag('b')] })),
    change('PATCH', '/enable', { enabled: round % 2 === 0 }),
    change('POST', '/triggers', { trigger_type: 'lead_scored' }),
    change('POST', '/actions', tag(`c${round}`)),
    ...(isDeleted && round === 2 ? [change('DELETE', '')] : []),
  ]).flat();
}

/** The row, its newest version, its children's rows and the last record in the topic say the same. */
async function expectAgreement(id: number): Promise<void> {
  const { pool } = api.database;
  const [rows] = await pool.query(
    `select w.version, w.enabled, w.deleted_at is not null as is_deleted, w.name, v.definition, v.version as newest,
            (select count(*) from workflow_versions c where c.workflow_id = w.id) as count
       from workflows w join workflow_versions v on v.workflow_id = w.id
      where w.id = ? order by v.version desc limit 1`,
    [id],
  );
  const row = (
    rows as { version: number; enabled: number; is_deleted: number; name: string; definition: string; newest: number; count: number }[]
  )[0];
  if (!row) throw new Error('Expected a row, but there is none');
  expect(row).toMatchObject({ newest: row.version, count: row.version });
  const definition = JSON.parse(row.definition);
  expect(definition).toMatchObject({ version: row.version, name: row.name, enabled: row.enabled === 1 });
  for (const list of ['triggers', 'actions'] as const) {
    const [children] = await pool.query(`select id from workflow_${list} where workflow_id = ? and deleted_at is null order by id`, [id]);
    const ids = definition[list].map((child: { id: number }) => child.id);
    expect(ids.toSorted((a: number, b: number) => a - b)).toEqual((children as { id: number }[]).map((child) => child.id));
  }
  await eventually(async () => (await marksOf(id)).length === 0 && topic.last.get(keyOf(id))?.version === row.version);
  const record = topic.last.get(keyOf(id));
  expect(record).toMatchObject({ deleted: row.is_deleted === 1, enabled: row.enabled === 1 && row.is_deleted === 0 });
  const triggers = row.is_deleted === 1 ? [] : definition.triggers.map((trigger: { id: number }) => trigger.id);
  expect(record?.triggers.map(({ trigger_id }) => trigger_id)).toEqual(triggers);
}
