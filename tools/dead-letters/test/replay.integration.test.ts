import { countDeadLetters } from '@millrace/db';
import { type CrmEvent, topics } from '@millrace/messages';
import {
  aLeadCreated,
  anEventView,
  aStart,
  eventually,
  insertWorkflow,
  type Millrace,
  readTopic,
  runTool,
  sendCommands,
  startMillrace,
  type WorkflowAnswer,
} from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ForgetfulRegistry, startForgetfulRegistry } from './forgetful-registry.ts';

const registryUrl = process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:18081/apis/ccompat/v7';

let registry: ForgetfulRegistry;
let millrace: Millrace;
let workflow: WorkflowAnswer;

beforeAll(async () => {
  registry = await startForgetfulRegistry(registryUrl);
  millrace = await startMillrace('dead-letters-tool', {
    services: ['definitions-api', 'trigger-matcher', 'executor', 'audit-logger'],
    env: { SCHEMA_REGISTRY_URL: registry.url },
  });
  workflow = await millrace.publishWorkflow('acme', {
    name: 'Greet',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'greeted' } }],
  });
});
afterAll(async () => {
  await millrace[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

const run = (...args: string[]) => runTool('dead-letters', args, millrace.installation.env);

/** The object that a command prints where it ends well. */
async function runJson<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}

interface Letter {
  id: number;
  origin_topic: string;
  origin_partition: number;
  origin_offset: number;
  reason: string;
  state: string;
  replays: number;
}
const list = async (...args: string[]): Promise<Letter[]> => (await runJson<{ items: Letter[] }>('list', ...args)).items;

const inOrder = (letters: readonly Letter[]) => letters.toSorted((a, b) => a.origin_offset - b.origin_offset);

/** Waits for the table, not for the tool, which is slow to start. */
const lettersOf = (tenantId: string, count: number) =>
  eventually(async () =>
    expect(await countDeadLetters(millrace.installation.database.pool, { tenantId, states: ['waiting'] })).toMatchObject({ total: count }),
  );

const instancesOf = async (leadId: string) =>
  (await millrace.api('acme').instances(workflow.id)).filter(({ entity_id }) => entity_id === leadId);

/** Events whose schema the matcher's registry has forgotten by the time that it reads them. */
async function sendForgotten(events: readonly CrmEvent[]): Promise<{ schemaId: number; values: Buffer[] }> {
  const values = await Promise.all(events.map(millrace.crm.encode));
  const schemaId = values[0]?.readInt32BE(1) ?? 0;
  registry.forget(schemaId);
  await millrace.crm.send(
    'crm.events',
    values.map((value) => ({ key: 'acme', value, partition: 5, headers: { mark: 'original', traceparent: 'none' } })),
  );
  return { schemaId, values };
}

test('poison in, and after the cause is gone a replay ends in one instance, however often it is repeated', async () => {
  const { schemaId, values } = await sendForgotten([
    aLeadCreated({ tenant_id: 'acme', entity_id: 'lead-1', event_id: 'event-1' }),
    aLeadCreated({ tenant_id: 'acme', entity_id: 'lead-2', event_id: 'event-2' }),
  ]);
  await millrace.crm.send('crm.events', [{ key: 'acme', value: Buffer.from('{"no": "avro"}'), partition: 5 }]);
  await lettersOf('acme', 3);

  const letters = inOrder(await list('--tenant', 'acme'));
  expect(letters).toMatchObject(
    [0, 1, 2].map(() => ({ origin_topic: 'crm.events', origin_partition: 5, reason: 'undecodable', state: 'waiting' })),
  );
  const offsets = letters.map(({ origin_offset }) => origin_offset);
  expect(offsets).toEqual([0, 1, 2].map((index) => (offsets[0] ?? 0) + index));
  const [first] = letters as [Letter];

  registry.remember(schemaId);
  const shown = await runJson<{ items: unknown[] }>('show', String(first.id));
  expect(shown.items).toMatchObject([
    {
      ...first,
      service: 'trigger-matcher',
      value_base64: values[0]?.toString('base64'),
      headers: [
        { name: 'mark', value_base64: Buffer.from('original').toString('base64') },
        { name: 'traceparent', value_base64: Buffer.from('none').toString('base64') },
      ],
      decoded: { event_id: 'event-1', tenant_id: 'acme' },
      not_decoded: null,
    },
  ]);

  // It remembers for a while that the registry doesn't know the schema.
  await millrace.services.end('trigger-matcher', 'SIGTERM');
  await millrace.services.restart('trigger-matcher');
  const replayed = await runJson('replay', '--tenant', 'acme', '--reason', 'undecodable');
  expect(replayed).toEqual({ replayed: letters.map(({ id }) => id), failed: [], stopped: null });
  await eventually(async () => {
    for (const lead of ['lead-1', 'lead-2']) expect((await instancesOf(lead)).map(({ status }) => status)).toEqual(['completed']);
  });

  const again = await run('replay', String(first.id));
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain(`replayed ${first.id} to crm.events/5/${first.origin_offset}`);
  await millrace.drained();
  expect(await instancesOf('lead-1')).toHaveLength(1);

  // What never will be an event comes back as another letter.
  await lettersOf('acme', 1);
  expect(inOrder(await list('--tenant', 'acme', '--state', 'all'))).toMatchObject([
    { id: first.id, state: 'replayed', replays: 2 },
    { id: letters[1]?.id, state: 'replayed', replays: 1 },
    { id: letters[2]?.id, state: 'replayed', replays: 1 },
    { reason: 'undecodable', state: 'waiting', replays: 0 },
  ]);

  await using events = await readTopic(millrace.installation, topics.crmEvents);
  const copies = await eventually(() => {
    const found = events.records.filter(({ value }) => values[0]?.equals(value ?? Buffer.alloc(0)));
    expect(found).toHaveLength(3);
    return found;
  });
  for (const { key, partition, headers } of copies) {
    expect([String(key), partition]).toEqual(['acme', 5]);
    expect(headers).toEqual({ mark: Buffer.from('original'), traceparent: Buffer.from('none') });
  }
});

test('a command that could not be read is carried out after a replay, once however often it is repeated', async () => {
  const { installation, services } = millrace;
  const version = await insertWorkflow(installation, 'globex', [{ action_type: 'add_tag', action_config: { tag: 'waved' } }]);
  const start = aStart(version, anEventView());
  const schemaId = (await installation.codec.encode(topics.workflowCommands, start)).readInt32BE(1);
  // It keeps a schema that it has read once.
  await services.end('executor', 'SIGTERM');
  registry.forget(schemaId);
  await sendCommands(installation, [start]);
  await services.restart('executor');
  await lettersOf('globex', 1);
  expect(await list('--topic', 'workflow.commands')).toMatchObject([{ reason: 'undecodable', state: 'waiting' }]);

  registry.remember(schemaId);
  await services.end('executor', 'SIGTERM');
  await services.restart('executor');
  for (let times = 0; times < 2; times++) {
    await runJson('replay', '--tenant', 'globex', '--state', 'all');
    await eventually(async () => {
      const { body } = await millrace.api('globex').request<{ items: { id: string; status: string }[] }>('GET', '/instances');
      expect(body.items).toMatchObject([{ id: start.instance_id, status: 'completed' }]);
    });
  }
});
