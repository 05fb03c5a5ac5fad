import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { insertInstances } from '@millrace/db';
import { createCodec, type ExecutionLog, type LogEntry, readSchema, type Topic, topics } from '@millrace/messages';
import {
  createInstallation,
  eventually,
  freePort,
  type Installation,
  insertWorkflow,
  readExecutionLog,
  startService,
} from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aLife, aLog, startExample } from './example-consumer.ts';

type Field = { name: string; type: unknown; default?: unknown; doc?: string };
type Schema = { fields: (Field & { type: { items: { fields: Field[] } } })[] };
type NewLog = Omit<ExecutionLog, 'entries'> & { entries: (LogEntry & { region: string | null })[] };

const directory = mkdtempSync(join(tmpdir(), 'millrace-evolution-'));
let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('evolution');
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** The log's schema with a change to the fields of an entry. */
function changedSchema(change: (fields: Field[]) => void): string {
  const schema = structuredClone(readSchema(topics.executionLog.schemaFile).schema) as unknown as Schema;
  change(schema.fields.find(({ name }) => name === 'entries')?.type.items.fields as Field[]);
  return JSON.stringify(schema);
}

/** Asks the registry as any of its clients does; answers the status. */
async function register(schema: string): Promise<number> {
  const subject = `${installation.prefix}${topics.executionLog.name}-value`;
  const response = await fetch(`${installation.env.SCHEMA_REGISTRY_URL}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function addInstances(ids: readonly string[], workflowId: number): Promise<void> {
  const rows = ids.map((id, index) => ({
    ...{ id, tenantId: 'acme', workflowId, workflowVersion: 1, scheduledTaskId: null, scheduledForMs: null, entityType: 'lead' },
    ...{ entityId: 'lead-1', triggeredBy: 'event', triggeredByValue: 'e', status: 'completed' as const, progress: 100, executedActions: 1 },
    ...{ failedActions: 0, rowVersion: 1, journal: '[]', publishedSeq: 4, wakeAtMs: null, waitingFor: null, inbox: null },
    ...{ startedAtMs: index, completedAtMs: index, createdAtMs: index },
  }));
  await insertInstances(installation.database.pool, rows, 'aa'.repeat(16));
}

test('a new optional field of an entry passes through registry, audit logger and the example, beside entries without it', async () => {
  const { bus, codec, database, env } = installation;
  await using example = startExample(installation, join(directory, 'evolution.db'));
  await using _audit = await startService('audit-logger', env, await freePort());
  const workflow = await insertWorkflow(installation, 'acme', [
    { action_type: 'add_tag', action_config: { tag: 'a' } },
    { action_type: 'add_tag', action_config: { tag: 'b' } },
  ]);
  const actionIds = workflow.actions.map(({ id }) => id);
  const ids = Array.from({ length: 20 }, (_, index) => (index + 1).toString(16).padStart(32, '0'));
  await addInstances(ids, workflow.id);
  const life = aLife.map((entry) => (entry.action_id === null ? entry : { ...entry, action_id: actionIds[entry.action_id - 1] ?? null }));
  const logOf = (id: string) => ({ ...aLog(id, life), workflow_id: workflow.id });

  const file = join(directory, 'new.avsc');
  const text = changedSchema((fields) => fields.push({ name: 'region', type: ['null', 'string'], default: null }));
  writeFileSync(file, text);
  expect(await register(text)).toBe(200);
  const newer: Topic<NewLog> = { ...topics.executionLog, schemaFile: pathToFileURL(file).href } as Topic<NewLog>;
  const newCodec = createCodec({ url: env.SCHEMA_REGISTRY_URL ?? '', topicPrefix: installation.prefix });
  const oldBytes = async (id: string) => codec.encode(topics.executionLog, logOf(id));
  const newBytes = async (id: string) => {
    const log = logOf(id);
    return newCodec.encode(newer, { ...log, entries: log.entries.map((entry) => ({ ...entry, region: 'eu' })) });
  };

  const values = await Promise.all(ids.map((id, index) => (index % 2 === 0 ? oldBytes(id) : newBytes(id))));
  expect(new Set(values.map((value) => value.readInt32BE(1))).size).toBe(2);
  const at = { topic: topics.executionLog, tenantId: 'acme', entityType: 'lead', entityId: 'lead-1' };
  await bus.publish(values.map((value) => ({ ...at, value })));

  await eventually(async () => {
    for (const id of ids) expect(await readExecutionLog(installation, id)).toHaveLength(life.length);
  });
  const ends = await eventually(() => {
    const found = example.lines().flatMap(({ ended }) => (ended ? [ended] : []));
    expect(found).toHaveLength(ids.length);
    return found;
  });
  for (const end of ends) expect(end).toMatchObject({ status: 'completed', completed: 1, skipped: 1, last_seq: life.length });
  const [[letters]] = (await database.pool.query('SELECT COUNT(*) AS found FROM dead_letters')) as unknown as [[{ found: number }]];
  expect(letters.found).toBe(0);

  const [older, younger] = values as [Buffer, Buffer];
  expect((await newCodec.decode(newer, older)).entries.map(({ region }) => region)).toEqual(life.map(() => null));
  expect((await newCodec.decode(newer, younger)).entries.map(({ region }) => region)).toEqual(life.map(() => 'eu'));
  expect((await codec.decode(topics.executionLog, younger)).entries).toEqual(life);
});

test.each<[string, (fields: Field[]) => void]>([
  ['a field without a default', (fields) => fields.push({ name: 'region', type: 'string' })],
  [
    'a field of another type',
    (fields) => void Object.assign(fields.find(({ name }) => name === 'seq') as Field, { type: 'string', default: '' }),
  ],
  [
    'a field under another name',
    (fields) => void Object.assign(fields.find(({ name }) => name === 'at') as Field, { name: 'time', default: undefined }),
  ],
])('the registry refuses a log with %s', async (_, change) => {
  expect(await register(changedSchema(change))).toBe(409);
});
