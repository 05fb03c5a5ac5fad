import { type InstanceRow, type SecretKeys, sealSecret } from '@millrace/db';
import { type ActionOverrides, anEventView, aStart, eventually, sendCommands } from '@millrace/testing';
import { expect, test } from 'vitest';
import type { ActionCompleted, ActionFailed } from '../src/instance/entries.ts';
import { useExecutor } from './executor-under-test.ts';
import { type HttpServer, type ReceivedRequest, startHttpServer } from './http-server.ts';

const key = Buffer.alloc(32, 9);
const keys: SecretKeys = [key];
const canary = 'canary "9f2b" <&> ü';

const echo = (answer: (request: ReceivedRequest, nth: number) => { status?: number; headers?: Record<string, string>; body?: unknown }) => {
  const counts = new Map<string, number>();
  return startHttpServer((response, request) => {
    const nth = (counts.get(request.path) ?? 0) + 1;
    counts.set(request.path, nth);
    const { status = 200, headers = { 'content-type': 'application/json' }, body } = answer(request, nth);
    const seen = { headers: request.headers, body: request.body.toString('utf8') };
    response.writeHead(status, headers).end(JSON.stringify(body ?? seen));
  });
};

let home: HttpServer;
let elsewhere: HttpServer;
const under = useExecutor('secrets', async () => {
  elsewhere = await echo(() => ({}));
  home = await echo(({ path }, nth) => {
    if (path === '/away') return { status: 302, headers: { location: `${elsewhere.origin}/landed` } };
    if (path === '/away-with-body') return { status: 307, headers: { location: `${elsewhere.origin}/landed` } };
    if (path === '/here') return { status: 307, headers: { location: '/landed' } };
    if (path === '/rotated' && nth === 1) return { status: 503, headers: { 'retry-after': '2' } };
    if (path === '/long') return { body: `${canary} `.repeat(4_000) };
    return {};
  });
  return { HTTP_ALLOWED_ORIGINS: `${home.origin},${elsewhere.origin}`, SECRETS_KEY: key.toString('base64') };
});

const keep = (tenantId: string, name: string, value: string, hosts: string[]) =>
  under().installation.database.pool.query(
    `INSERT INTO secrets (tenant_id, name, sealed, hosts) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE sealed = VALUES(sealed), hosts = VALUES(hosts)`,
    [tenantId, name, sealSecret(keys, { tenantId, name }, value), JSON.stringify(hosts)],
  );

const call = (path: string, config: object = {}, more: Partial<ActionOverrides> = {}): ActionOverrides => ({
  action_type: 'http_request',
  action_config: { url: `${home.origin}${path}`, headers: { Authorization: 'Bearer {{ secrets.token }}' }, ...config },
  ...more,
});

type Outcome = ActionCompleted | ActionFailed;

/** Runs one action of a tenant that has the secret `token`; nothing that is kept of it holds the value. */
async function run(action: ActionOverrides, { hosts = [home.host], value = canary } = {}) {
  const version = await under().workflow([action]);
  await keep(version.tenant_id, 'token', value, hosts);
  const id = await under().start(version);
  return { id, version, outcome: await outcomeOf(id, value) };
}

/** The last outcome in the journal. */
async function outcomeOf(id: string, value = canary): Promise<Outcome> {
  const row = await eventually(async () => {
    const found = await under().row(id);
    expect(found?.status).toMatch(/completed|failed/);
    return found as InstanceRow;
  });
  const entries = await under().entriesUntil(id, `instance_${row.status}`);
  const kept = [JSON.stringify(entries), row.journal, under().executor.output()].join('\n');
  for (const form of [value, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')]) expect(kept).not.toContain(form);
  expect(kept).not.toContain('9f2b');
  return (JSON.parse(row.journal) as Outcome[]).findLast(({ type }) => /^action_(?:completed|failed)$/.test(type)) as Outcome;
}

const requestsTo = (server: HttpServer, path: string) => server.requests.filter((request) => request.path === path);

test('a secret is sent in headers and body, and what comes back and is kept holds its name alone', async () => {
  const body = { token: '{{ secrets.token }}', lead: '{{ lead.lead_id }}' };
  const { outcome } = await run(call('/echo', { body }));
  const [request] = requestsTo(home, '/echo');
  expect(Buffer.from(request?.headers.authorization ?? '', 'latin1').toString('latin1')).toBe(`Bearer ${canary}`);
  expect(JSON.parse(request?.body.toString('utf8') ?? '')).toEqual({ token: canary, lead: expect.any(String) });
  const { input, output } = (outcome as ActionCompleted).detail as never as {
    input: unknown;
    output: { body: { headers: Record<string, string>; body: string } };
  };
  expect(input).toMatchObject({ headers: { Authorization: 'Bearer {{ secrets.token }}' }, body: { token: '{{ secrets.token }}' } });
  expect(output.body.headers.authorization).toBe('Bearer [secret]');
  expect(output.body.body).toContain('[secret]');
});

test('an answer of text, cut within a value, holds none of it', async () => {
  const { outcome } = await run(call('/long'));
  expect(JSON.stringify(outcome.detail)).toContain('[secret] [secret]');
});

test('an event’s text that looks like a secret is sent as it is', async () => {
  const version = await under().workflow([
    call('/looks', { headers: { A: '{{ secrets.token }}' }, body: '{{ lead.company }} {{ secrets.token }}' }),
  ]);
  await keep(version.tenant_id, 'token', canary, [home.host]);
  const id = await under().start(version, { data: { lead_id: '1', company: '{{ secrets.token }}' } });
  await outcomeOf(id);
  expect(requestsTo(home, '/looks')[0]?.body.toString('utf8')).toBe(`{{ secrets.token }} ${canary}`);
});

test('on a redirect to another host the secret is left behind, on one to the same it goes along', async () => {
  const headers = { Authorization: 'Bearer {{ secrets.token }}', Accept: '{{ secrets.token }}', 'User-Agent': 'x {{ secrets.token }}' };
  await run(call('/away', { headers, method: 'GET' }));
  const [landed] = requestsTo(elsewhere, '/landed');
  expect(JSON.stringify(landed)).not.toContain('9f2b');
  expect(landed?.headers.authorization).toBeUndefined();
  await run(call('/here', { body: '{{ secrets.token }}' }));
  expect(requestsTo(home, '/landed').at(-1)?.body.toString('utf8')).toBe(canary);
});

test('a redirect that would take a secret body to another host fails the action', async () => {
  const before = elsewhere.requests.length;
  const { outcome } = await run(call('/away-with-body', { body: '{{ secrets.token }}' }));
  expect(outcome).toMatchObject({ type: 'action_failed', error_code: 'secret_host_refused' });
  expect(elsewhere.requests).toHaveLength(before);
});

test.each<[string, () => string[]]>([
  ['another host', () => [elsewhere.host]],
  ['no port, which is that of https', () => ['127.0.0.1']],
  ['another port', () => ['127.0.0.1:1']],
])('a secret that was named with %s isn’t sent, once and for all', async (_, hosts) => {
  const { outcome } = await run(call('/never'), { hosts: hosts() });
  expect(outcome).toMatchObject({ type: 'action_failed', error_code: 'secret_host_refused', attempt: 1 });
  expect(requestsTo(home, '/never')).toEqual([]);
});

test('a secret that is missing, or that only another tenant has, fails the action', async () => {
  const version = await under().workflow([
    call('/never', {}, { on_error: 'continue' }),
    call('/never', { headers: { A: '{{ secrets.Token }}' } }),
  ]);
  await keep('another-tenant', 'token', canary, [home.host]);
  const outcome = await outcomeOf(await under().start(version));
  expect(outcome).toMatchObject({ type: 'action_failed', error_code: 'secret_missing' });
  expect(JSON.stringify(outcome)).toContain('Token');
  expect(requestsTo(home, '/never')).toEqual([]);
});

test('a value that was sealed for another name or with another key isn’t sent', async () => {
  const version = await under().workflow([call('/never')]);
  const sealed = sealSecret(keys, { tenantId: version.tenant_id, name: 'other' }, canary);
  await keep(version.tenant_id, 'token', canary, [home.host]);
  await under().installation.database.pool.query('UPDATE secrets SET sealed = ? WHERE tenant_id = ?', [sealed, version.tenant_id]);
  expect(await outcomeOf(await under().start(version))).toMatchObject({ error_code: 'secret_unreadable' });
});

test('what a secret makes unfit to send fails the action and says nothing of it', async () => {
  const { outcome } = await run(call('/never'), { value: `${canary}${'x'.repeat(8_190)}` });
  expect(outcome).toMatchObject({ type: 'action_failed', error_code: 'invalid_input' });
});

test('a retry after a rotation sends the new value under the same key, with the same kept input', async () => {
  const version = await under().workflow([call('/rotated', {}, { retry_policy: { max_attempts: 2 } })]);
  await keep(version.tenant_id, 'token', 'old-9f2b', [home.host]);
  const id = await under().start(version);
  await under().rowWhen(id, { waitingFor: 'retry' });
  await keep(version.tenant_id, 'token', 'new-9f2b', [home.host]);
  await under().resume(id);
  await outcomeOf(id, 'new-9f2b');
  const requests = requestsTo(home, '/rotated');
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old-9f2b', 'Bearer new-9f2b']);
  expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('a start that is delivered again sends nothing again', async () => {
  const { id, version } = await run(call('/again'));
  const command = aStart(version, anEventView({}));
  await sendCommands(under().installation, [{ ...command, instance_id: id }]);
  await under().drained();
  expect(requestsTo(home, '/again')).toHaveLength(1);
});
