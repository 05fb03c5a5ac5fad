import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createCodec, registerSchemas, topics } from './index.ts';

const url = process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:18081/apis/ccompat/v7';
const settings = { url, topicPrefix: `test-${randomUUID()}.` };

const tag = {
  command_id: 'c1',
  tenant_id: 't1',
  entity_type: 'lead',
  entity_id: 'l1',
  issued_at: 1_700_000_000_000,
  causation: { root_event_id: 'e1', depth: 1, workflow_ids: [7] },
  command: { 'millrace.AddTag': { lead_id: 'l1', tag: 'hot' } },
};

async function registered() {
  await registerSchemas(settings);
  return createCodec(settings);
}

test('schemas are registered once, and again without a change', async () => {
  const first = await registerSchemas(settings);
  expect(first.map(({ subject }) => subject)).toContain(`${settings.topicPrefix}workflow.events-value`);
  expect(await registerSchemas(settings)).toEqual(first);
});

test.each(Object.values(topics))('the subject of $name is $compatibility in the registry', async ({ name, compatibility }) => {
  await registerSchemas(settings);
  const config = await fetch(`${url}/config/${settings.topicPrefix}${name}-value`);
  expect(await config.json()).toMatchObject({ compatibilityLevel: compatibility });
});

test('the registry refuses a schema that does not fit the one before', async () => {
  await registerSchemas(settings);
  const response = await fetch(`${url}/subjects/${settings.topicPrefix}crm.commands-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({
      schema: JSON.stringify({ type: 'record', name: 'CrmCommand', namespace: 'millrace', fields: [{ name: 'must', type: 'string' }] }),
    }),
  });
  expect(response.status).toBe(409);
});

test('a record is read as it was written, and at once when its schema is known', async () => {
  const codec = await registered();
  const bytes = await codec.encode(topics.crmCommands, tag);
  expect(await codec.decode(topics.crmCommands, bytes)).toEqual(tag);
  expect(codec.encode(topics.crmCommands, tag)).toBeInstanceOf(Buffer);
  expect(codec.decode(topics.crmCommands, bytes)).toEqual(tag);
});

test('bytes that can never be read are undecodable', async () => {
  const codec = await registered();
  const bytes = await codec.encode(topics.crmCommands, tag);
  const other = await codec.encode(topics.workflowDefinitions, {
    tenant_id: 't1',
    workflow_id: 1,
    version: 1,
    name: 'n',
    enabled: true,
    deleted: false,
    on_disable: 'finish',
    published_at: 0,
    triggers: [],
    waits_for: [],
  });
  const withMagic = Buffer.from(bytes);
  withMagic[0] = 1;
  const withUnknownId = Buffer.from(bytes);
  withUnknownId.writeInt32BE(987_654_321, 1);
  const poison = {
    nothing: null,
    empty: Buffer.alloc(0),
    'a header alone': bytes.subarray(0, 5),
    'another magic byte': withMagic,
    'an unknown id': withUnknownId,
    'an unknown id again': withUnknownId,
    truncated: bytes.subarray(0, bytes.length - 1),
    'trailing bytes': Buffer.concat([bytes, Buffer.from([0])]),
    'another schema': other,
    'another schema again': other,
  };
  for (const [name, each] of Object.entries(poison)) {
    const read = async () => codec.decode(topics.crmCommands, each);
    await expect(read(), name).rejects.toMatchObject({ name: 'TerminalError', code: 'undecodable' });
  }
});

test('a value that does not fit its schema is unencodable', async () => {
  const codec = await registered();
  const write = async () => codec.encode(topics.crmCommands, { ...tag, issued_at: 'now' as unknown as number });
  await expect(write()).rejects.toMatchObject({ name: 'TerminalError', code: 'unencodable' });
});

test('a registry that is away is worth another try', async () => {
  const bytes = await (await registered()).encode(topics.crmCommands, tag);
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const away = createCodec({ ...settings, url: `http://127.0.0.1:${port}` });
  const expected = { name: 'RetryableError', code: 'registry_unavailable' };
  await expect((async () => away.decode(topics.crmCommands, bytes))()).rejects.toMatchObject(expected);
  await expect((async () => away.encode(topics.crmCommands, tag))()).rejects.toMatchObject(expected);
});

test('a schema that nobody has registered yet is worth another try', async () => {
  const codec = createCodec({ url, topicPrefix: `test-${randomUUID()}.` });
  await expect((async () => codec.encode(topics.crmCommands, tag))()).rejects.toMatchObject({
    name: 'RetryableError',
    code: 'schema_not_registered',
  });
});
