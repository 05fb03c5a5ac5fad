import { topics } from '@millrace/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandSender, createSender } from '../src/command-sender.ts';
import { repairDefinitions, tombstoneDeleted, type UpkeepOptions } from '../src/definitions-upkeep.ts';
import { recordOf } from '../src/relay.ts';
import { purgeWorkflows } from '../src/workflow-purge.ts';
import { type ApiUnderTest, eventually, startApi, workflowBody } from './api-under-test.ts';
import { type DefinitionsReader, followDefinitions } from './definitions-reader.ts';
import { insertInstanceRows } from './instance-rows.ts';

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

const options = (): UpkeepOptions => ({ ...api, sender, onMarked: () => {} });
const repair = () => repairDefinitions(options(), new AbortController().signal);
const keyOf = (id: number) => `${tenant}/${id}`;
const versionInTopic = (id: number, version: number) => eventually(async () => topic.last.get(keyOf(id))?.version === version);
const create = async () => {
  const { id } = (await api.request('POST', '/workflows', { body: workflowBody() })).body;
  await versionInTopic(id, 1);
  await eventually(async () => (await api.request('GET', `/workflows/${id}`)).body.published_at);
  return id as number;
};
/** Deleted, published as deleted, and that so many days ago. */
const createDeleted = async (daysAgo: number) => {
  const id = await create();
  await api.request('DELETE', `/workflows/${id}`);
  await versionInTopic(id, 2);
  await eventually(async () => {
    const [marks] = await api.database.pool.query('select * from outbox_messages where workflow_id = ?', [id]);
    return (marks as unknown[]).length === 0;
  });
  await api.database.pool.query('update workflows set deleted_at = utc_timestamp(3) - interval ? day where id = ?', [daysAgo, id]);
  return id;
};
const countOf = async (table: string, column: string, id: number) => {
  const [rows] = await api.database.pool.query(`select count(*) as count from ${table} where ${column} = ?`, [id]);
  return (rows as { count: number }[])[0]?.count;
};

test('an old state that lies last in the topic, and one that is lost, are published again', async () => {
  const [overwritten, lost] = [await create(), await create()];
  const old = topic.last.get(keyOf(overwritten));
  await api.request('PATCH', `/workflows/${overwritten}/enable`, { body: { enabled: false } });
  await versionInTopic(overwritten, 2);
  if (!old) throw new Error('Expected the first version in the topic, but it is not');
  await sender.send(recordOf(tenant, overwritten, await api.codec.encode(topics.workflowDefinitions, old)));
  await sender.send(recordOf(tenant, lost, null));
  await versionInTopic(overwritten, 1);
  await repair();
  await versionInTopic(overwritten, 2);
  expect(topic.last.get(keyOf(overwritten))?.enabled).toBe(false);
  await versionInTopic(lost, 1);
});

test('what is right in the topic is left alone', async () => {
  const id = await create();
  await repair();
  expect(await countOf('outbox_messages', 'workflow_id', id)).toBe(0);
});

test('a record that can’t be read is replaced, one of no workflow is buried', async () => {
  const id = await create();
  const definition = topic.last.get(keyOf(id));
  if (!definition) throw new Error('Expected the definition in the topic, but it is not');
  await sender.send(recordOf(tenant, id, Buffer.from('garbage')));
  const stray = { ...definition, workflow_id: 999_999 };
  await sender.send(recordOf(tenant, 999_999, await api.codec.encode(topics.workflowDefinitions, stray)));
  await eventually(async () => topic.last.get(keyOf(999_999)));
  await repair();
  await eventually(async () => topic.last.get(keyOf(999_999)) === null);
  await eventually(async () => {
    const [rows] = await api.database.pool.query('select * from outbox_messages where workflow_id = ?', [id]);
    return (rows as unknown[]).length === 0 && topic.last.get(keyOf(id))?.version === 1;
  });
});

test('a tombstone follows a deletion after seven days, not before, and stays', async () => {
  const [week, day] = [await createDeleted(7), await createDeleted(6)];
  await tombstoneDeleted(options());
  await eventually(async () => topic.last.get(keyOf(week)) === null);
  expect(topic.last.get(keyOf(day))).toMatchObject({ deleted: true });
  expect(await tombstoneDeleted(options())).toBe(0);
  await repair();
  expect(await countOf('outbox_messages', 'workflow_id', week)).toBe(0);
});

test('rows of a deleted workflow go once it is out of the topic and no instance refers to it', async () => {
  const [free, referred, fresh] = [await createDeleted(8), await createDeleted(8), await createDeleted(1)];
  const [instance] = await insertInstanceRows(api.database, [{ workflowId: referred }]);
  await tombstoneDeleted(options());
  await purgeWorkflows(api.database);
  for (const table of ['workflow_triggers', 'workflow_actions', 'workflow_versions'])
    expect(await countOf(table, 'workflow_id', free)).toBe(0);
  expect(await countOf('workflows', 'id', free)).toBe(0);
  expect(await countOf('workflow_versions', 'workflow_id', referred)).toBe(2);
  expect(await countOf('workflow_stats', 'workflow_id', referred)).toBe(3);
  expect(await countOf('workflows', 'id', fresh)).toBe(1);
  await api.database.pool.query('delete from workflow_instances where id = unhex(?)', [instance]);
  await purgeWorkflows(api.database);
  expect(await countOf('workflows', 'id', referred)).toBe(0);
  expect(await countOf('workflow_stats', 'workflow_id', referred)).toBe(0);
  expect(await countOf('workflow_stats', 'workflow_id', 0)).toBe(3);
  await repair();
  expect(topic.last.get(keyOf(free))).toBeNull();
});
