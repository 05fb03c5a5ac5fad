import { createInstallation, eventually, freePort, type Installation, type ServiceProcess, startService } from '@millrace/testing';
import type { PoolConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { purgeIdempotencyKeys } from '../src/changes/idempotency-purge.ts';
import { workflowBody } from './api-under-test.ts';

interface Process {
  service: ServiceProcess;
  url: string;
}

const stack = new AsyncDisposableStack();
let installation: Installation;
let one: Process;
let two: Process;

beforeAll(async () => {
  installation = stack.use(await createInstallation('idempotency'));
  [one, two] = await Promise.all([startProcess(), startProcess()]);
});
afterAll(() => stack.disposeAsync());

async function startProcess(): Promise<Process> {
  const [port, healthPort] = [await freePort(), await freePort()];
  const env = { ...installation.env, API_PORT: String(port), LOG_LEVEL: 'warn' };
  return { service: stack.use(await startService('definitions-api', env, healthPort)), url: `http://127.0.0.1:${port}/api/v1` };
}

let count = 0;
const newKey = () => `key-${++count}`;

async function post({ url }: Process, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'X-Tenant-ID': 'acme', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const code = ({ text }: { text: string }) => JSON.parse(text).code;

async function countWorkflows(name: string): Promise<number> {
  const [rows] = await installation.database.pool.query('select count(*) as count from workflows where name = ?', [name]);
  return (rows as [{ count: number }])[0].count;
}

/** Has every request that creates a workflow of this name wait in the middle of its work, until the lock is let go. */
async function holdName(name: string): Promise<{ release(): Promise<void> }> {
  const connection: PoolConnection = await installation.database.pool.getConnection();
  await connection.beginTransaction();
  await connection.query("insert into workflows (tenant_id, name, enabled, version) values ('acme', ?, 1, 1)", [name]);
  return {
    release: async () => {
      await connection.rollback();
      connection.release();
    },
  };
}

async function claimOf(key: string): Promise<{ status: number | null } | undefined> {
  const [rows] = await installation.database.pool.query('select status from idempotency_keys where idempotency_key = ?', [key]);
  return (rows as { status: number | null }[])[0];
}
const claimed = (key: string) =>
  eventually(async () => {
    const claim = await claimOf(key);
    if (!claim) throw new Error('Expected the key to be claimed, but it is not yet');
    return claim;
  });

test('the same request gets the same answer from another process, to the byte, and is done once', async () => {
  const headers = { 'Idempotency-Key': newKey() };
  const body = workflowBody();
  const first = await post(one, '/workflows', body, headers);
  const again = await post(two, '/workflows', body, headers);
  expect(first.status).toBe(201);
  expect(again).toMatchObject({ status: 201, text: first.text });
  for (const name of ['location', 'etag', 'content-type']) expect(again.headers.get(name)).toBe(first.headers.get(name));
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await countWorkflows(body.name as string)).toBe(1);
});

test('another body under the same key is 422', async () => {
  const headers = { 'Idempotency-Key': newKey() };
  const body = workflowBody();
  await post(one, '/workflows', body, headers);
  const other = await post(two, '/workflows', { ...body, description: 'another' }, headers);
  expect([other.status, code(other)]).toEqual([422, 'idempotency_key_reused']);
});

test('a key belongs to one tenant and one path', async () => {
  const headers = { 'Idempotency-Key': newKey() };
  const body = workflowBody();
  const first = await post(one, '/workflows', body, headers);
  const foreign = await post(one, '/workflows', body, { ...headers, 'X-Tenant-ID': 'other' });
  expect(foreign.status).toBe(201);
  expect(foreign.text).not.toBe(first.text);
  const elsewhere = await post(one, '/secrets', { name: 'a', value: 'b', hosts: ['a.example'] }, headers);
  expect(code(elsewhere)).toBe('secrets_not_configured');
});

test('while the first request runs, a repeat is 409, in whichever process', async () => {
  const key = newKey();
  const body = workflowBody();
  const held = await holdName(body.name as string);
  const first = post(one, '/workflows', body, { 'Idempotency-Key': key });
  await claimed(key);
  for (const process of [one, two]) {
    const repeat = await post(process, '/workflows', body, { 'Idempotency-Key': key });
    expect([repeat.status, code(repeat), repeat.headers.get('retry-after')]).toEqual([409, 'request_in_flight', '1']);
  }
  await held.release();
  expect((await first).status).toBe(201);
  expect((await post(two, '/workflows', body, { 'Idempotency-Key': key })).text).toBe((await first).text);
});

test('twenty at once over two processes make one workflow, and all that are answered get the same', async () => {
  const headers = { 'Idempotency-Key': newKey() };
  const body = workflowBody();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => post(index % 2 ? one : two, '/workflows', body, headers)));
  const made = answers.filter(({ status }) => status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1);
  for (const answer of answers) if (answer.status !== 201) expect(code(answer)).toBe('request_in_flight');
  expect(await countWorkflows(body.name as string)).toBe(1);
});

test('what is refused isn’t kept: the mended request may use the key', async () => {
  const headers = { 'Idempotency-Key': newKey() };
  expect((await post(one, '/workflows', { name: '' }, headers)).status).toBe(422);
  expect((await post(one, '/workflows', workflowBody(), headers)).status).toBe(201);
});

test('work whose claim was lost is undone', async () => {
  const key = newKey();
  const body = workflowBody();
  const held = await holdName(body.name as string);
  const first = post(one, '/workflows', body, { 'Idempotency-Key': key });
  await claimed(key);
  await installation.database.pool.query('update idempotency_keys set holder = ? where idempotency_key = ?', [Buffer.alloc(16), key]);
  await held.release();
  expect(code(await first)).toBe('request_in_flight');
  expect(await countWorkflows(body.name as string)).toBe(0);
  const [entries] = await installation.database.pool.query(
    "select count(*) as count from audit_entries where path = '/workflows' and json_extract(state_after, '$.name') = ?",
    [body.name],
  );
  expect(entries).toEqual([{ count: 0 }]);
});

test('a process that is killed in the middle leaves nothing, and the repeat is done once', async () => {
  const doomed = await startProcess();
  const key = newKey();
  const body = workflowBody();
  const held = await holdName(body.name as string);
  const lost = post(doomed, '/workflows', body, { 'Idempotency-Key': key }).catch((error: unknown) => error);
  await claimed(key);
  doomed.service.kill('SIGKILL');
  expect(await lost).toBeInstanceOf(Error);
  await held.release();
  expect((await post(one, '/workflows', body, { 'Idempotency-Key': key })).status).toBe(409);
  await installation.database.pool.query('update idempotency_keys set held_until = current_timestamp(3) where idempotency_key = ?', [key]);
  const repeats = await Promise.all([one, two, one, two].map((process) => post(process, '/workflows', body, { 'Idempotency-Key': key })));
  expect(repeats.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
  expect(await countWorkflows(body.name as string)).toBe(1);
});

test('after 24 hours a key is free again', async () => {
  const key = newKey();
  await post(one, '/workflows', workflowBody(), { 'Idempotency-Key': key });
  await installation.database.pool.query(
    'update idempotency_keys set created_at = current_timestamp(3) - interval 24 hour where idempotency_key = ?',
    [key],
  );
  expect((await post(one, '/workflows', workflowBody(), { 'Idempotency-Key': key })).status).toBe(201);
});

test('keys that are kept no longer are deleted, others stay', async () => {
  const { database } = installation;
  await purgeIdempotencyKeys(database);
  const [old, young] = [newKey(), newKey()];
  for (const key of [old, young]) await post(one, '/workflows', workflowBody(), { 'Idempotency-Key': key });
  await database.pool.query('update idempotency_keys set created_at = created_at - interval 25 hour where idempotency_key = ?', [old]);
  expect(await purgeIdempotencyKeys(database)).toBe(1);
  expect(await claimOf(old)).toBeUndefined();
  expect(await claimOf(young)).toMatchObject({ status: 201 });
});

test.each(['two words', 'ü', 'x'.repeat(256)])('%j is no key', async (key) => {
  const answer = await post(one, '/workflows', workflowBody(), { 'Idempotency-Key': Buffer.from(key).toString('latin1') });
  expect([answer.status, code(answer)]).toEqual([400, 'idempotency_key_invalid']);
});
