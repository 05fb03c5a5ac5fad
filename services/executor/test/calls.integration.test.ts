import type { ServerResponse } from 'node:http';
import type { LogEntry } from '@millrace/messages';
import { type ActionOverrides, anEventView, aStart, eventually, sendCommands } from '@millrace/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { webhookId } from '../src/http/webhook-signature.ts';
import { useExecutor } from './executor-under-test.ts';
import { type HttpServer, type ReceivedRequest, startHttpServer } from './http-server.ts';
import { type MailServer, startMailServer } from './smtp-server.ts';

type Answer = (response: ServerResponse, request: ReceivedRequest) => void;
/** By path, what is answered to the next requests; then 200. */
const answers = new Map<string, Answer[]>();
const held = new Map<string, (() => void)[]>();
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const hold: Answer = (response, request) => {
  const release = () => json(200, { released: true })(response, request);
  held.set(request.path, [...(held.get(request.path) ?? []), release]);
};
const answer: Answer = (response, request) => (answers.get(request.path)?.shift() ?? json(200, { id: 42 }))(response, request);

const servers = new AsyncDisposableStack();
afterAll(() => servers.disposeAsync());
let hooks: HttpServer;
let other: HttpServer;
let sms: HttpServer;
let mail: MailServer;

const under = useExecutor('executor-calls', async () => {
  hooks = servers.use(await startHttpServer(answer));
  other = servers.use(await startHttpServer(answer));
  sms = servers.use(await startHttpServer(json(201, { sid: 'SM1' })));
  mail = servers.use(await startMailServer());
  return {
    HTTP_ALLOWED_ORIGINS: `${hooks.origin},${other.origin}`,
    WEBHOOK_SIGNING_KEY: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
    SMS_API_URL: sms.origin,
    SMTP_URL: mail.url,
    HOST_CONCURRENCY: '2',
    TENANT_CONCURRENCY: '3',
  };
});

const tag = (name: string): ActionOverrides => ({ action_type: 'add_tag', action_config: { tag: name }, name: 'tag' });
const call = (path: string, overrides: Partial<ActionOverrides> = {}, server = hooks): ActionOverrides => ({
  action_type: 'http_request',
  name: 'call',
  action_config: { url: `${server.origin}${path}`, body: { lead: '{{ lead.lead_id }}', at: '{{ now }}' } },
  ...overrides,
});
const requestsTo = (path: string, server = hooks) => server.requests.filter((request) => request.path === path);
const requested = (path: string, times = 1, server = hooks) =>
  eventually(() => {
    expect(requestsTo(path, server)).toHaveLength(times);
    return requestsTo(path, server);
  });
const release = (path: string) => {
  for (const go of held.get(path)?.splice(0) ?? []) go();
};
const summary = (entries: readonly LogEntry[]) =>
  entries.map(({ type, action_name, error_code, reason }) =>
    [type, action_name, error_code ?? reason].filter((part) => part !== null).join(' '),
  );
const tagsOf = async (id: string) =>
  (await under().crm.values())
    .filter(({ command_id }) => command_id.startsWith(id))
    .map(({ command }) => ('millrace.AddTag' in command ? command['millrace.AddTag'].tag : '?'));

test('a call, a mail and a text are made once, and what they gave is there for what follows', async () => {
  const version = await under().workflow([
    call('/once'),
    {
      action_type: 'send_email',
      name: 'mail',
      action_config: { to: '{{ lead.email }}', subject: 'Order {{ actions.call.output.body.id }}', text: 'Hello' },
    },
    { action_type: 'send_sms', name: 'text', action_config: { to: '{{ lead.phone }}', body: 'Order {{ actions.call.output.status }}' } },
    tag('{{ actions.text.output.sid }}'),
  ]);
  const id = await under().start(version);
  expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
    'instance_started',
    'action_completed call',
    'action_completed mail',
    'action_completed text',
    'action_completed tag',
    'instance_completed',
  ]);
  expect(await tagsOf(id)).toEqual(['SM1']);
  expect(requestsTo('/once')).toMatchObject([
    {
      method: 'POST',
      headers: { 'webhook-id': webhookId(`${id}/${version.actions[0]?.id}`), 'webhook-signature': expect.stringMatching(/^v1,/) },
    },
  ]);
  expect(mail.mails.at(-1)).toMatchObject({ recipients: ['ada@example.com'], headers: expect.arrayContaining(['Subject: Order 42']) });
  expect(new URLSearchParams(sms.requests.at(-1)?.body.toString()).get('Body')).toBe('Order 200');
});

describe('a call that fails for now', () => {
  test('is made again with the same key and the same bytes, signed anew, not before the time that the receiver named', async () => {
    answers.set('/later', [json(429, {}, { 'retry-after': '2' })]);
    const retry_policy = { max_attempts: 5, initial_interval_seconds: 0.01, jitter: 'none' as const };
    const id = await under().start(await under().workflow([call('/later', { retry_policy }), tag('done')]));
    const parked = await under().rowWhen(id, { waitingFor: 'retry' });
    const refusedAt = (JSON.parse(parked.journal) as { at: number }[]).at(-1)?.at as number;
    expect(parked.wakeAtMs).toBe(refusedAt + 2_000);
    // By the scheduler's clock it is due already.
    await under().resume(id);
    const entries = await under().entriesUntil(id, 'instance_completed');
    expect(summary(entries)).toEqual([
      'instance_started',
      'attempt_failed call http_429',
      'action_completed call',
      'action_completed tag',
      'instance_completed',
    ]);
    expect(entries[2]?.at).toBeGreaterThanOrEqual(refusedAt + 2_000);
    const [first, again] = requestsTo('/later') as [ReceivedRequest, ReceivedRequest];
    expect(again.body).toEqual(first.body);
    for (const name of ['webhook-id', 'idempotency-key', 'content-type']) expect(again.headers[name]).toBe(first.headers[name]);
    expect(again.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
  });

  test('is made again at once where its wait is short, without being parked', async () => {
    answers.set('/soon', [json(500, {}), json(502, {})]);
    const version = await under().workflow([
      call('/soon', { retry_policy: { max_attempts: 5, initial_interval_seconds: 0.02, backoff_coefficient: 1, jitter: 'none' } }),
    ]);
    const id = await under().start(version);
    await under().entriesUntil(id, 'instance_completed');
    expect(requestsTo('/soon')).toHaveLength(3);
  });

  test('has failed once its attempts are used up', async () => {
    answers.set('/never', [json(500, {}), json(500, {})]);
    const version = await under().workflow([
      call('/never', { retry_policy: { max_attempts: 2, initial_interval_seconds: 0.01 } }),
      tag('never'),
    ]);
    const id = await under().start(version);
    expect(summary(await under().entriesUntil(id, 'instance_failed')).slice(1)).toEqual([
      'attempt_failed call http_500',
      'action_failed call http_500',
      'instance_failed http_500',
    ]);
    expect(await tagsOf(id)).toEqual([]);
  });

  test('for want of an answer in time counts as a timeout', async () => {
    answers.set('/silent', [hold]);
    const version = await under().workflow([
      call('/silent', { timeout_seconds: 1, retry_policy: { max_attempts: 1 }, on_error: 'continue' }),
      tag('after'),
    ]);
    const id = await under().start(version);
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
      'instance_started',
      'action_failed call timeout',
      'action_completed tag',
      'instance_completed',
    ]);
  });
});

describe('an answer', () => {
  test.each([
    [404, {}, 'action_failed call http_404'],
    [204, {}, 'action_completed call'],
    [404, { expected_statuses: [200, 404] }, 'action_completed call'],
    [200, { expected_statuses: [202] }, 'action_failed call http_200'],
  ])('of %i is what came of the call: %j', async (status, config, expected) => {
    const path = `/status-${status}-${Object.keys(config).length}-${expected.length}`;
    answers.set(path, [(response) => void response.writeHead(status).end()]);
    const action = call(path, { on_error: 'continue' });
    const id = await under().start(await under().workflow([{ ...action, action_config: { ...action.action_config, ...config } }]));
    expect(summary(await under().entriesUntil(id, 'instance_completed'))[1]).toBe(expected);
    expect(requestsTo(path)).toHaveLength(1);
  });
});

test('a call that may be made at most once and whose connection breaks is unknown, and not made again', async () => {
  answers.set('/broken', [(response) => void response.destroy()]);
  const version = await under().workflow([call('/broken', { at_most_once: true, on_error: 'continue' }), tag('after')]);
  const id = await under().start(version);
  expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
    'instance_started',
    'action_started call',
    'action_unknown call no_answer',
    'action_completed tag',
    'instance_completed',
  ]);
  expect(requestsTo('/broken')).toHaveLength(1);
  expect(await under().row(id)).toMatchObject({ executedActions: 2, failedActions: 1 });
});

describe('a call of over two seconds', () => {
  test('does not hold its input: the row waits for the action, and what came of it wakes it', async () => {
    answers.set('/slow', [hold]);
    const id = await under().start(await under().workflow([call('/slow'), tag('{{ actions.call.output.body.released }}')]));
    const parked = await under().rowWhen(id, { status: 'running', waitingFor: 'action' });
    expect(parked.wakeAtMs).toBeGreaterThan(Date.now() + 8_000);
    await under().drained();
    release('/slow');
    await under().rowWhen(id, { waitingFor: 'turn', executedActions: 1 });
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_completed'))).toEqual([
      'instance_started',
      'action_started call',
      'action_completed call',
      'action_completed tag',
      'instance_completed',
    ]);
    expect(requestsTo('/slow')).toHaveLength(1);
    expect(await tagsOf(id)).toEqual(['true']);
  });

  test('is not made again by resumes that come while it runs', async () => {
    answers.set('/slower', [hold]);
    const id = await under().start(await under().workflow([call('/slower')]));
    const parked = await under().rowWhen(id, { waitingFor: 'action' });
    await under().resume(id);
    await under().resume(id);
    await under().drained();
    expect(await under().row(id)).toEqual(parked);
    release('/slower');
    await under().rowWhen(id, { waitingFor: 'turn' });
    await under().resume(id);
    await under().entriesUntil(id, 'instance_completed');
    expect(requestsTo('/slower')).toHaveLength(1);
  });
});

describe('a cancel that meets a call', () => {
  const cancel = (id: string) =>
    under().send(id, ({ rowVersion }) => ({
      'millrace.CancelInstance': { row_version: rowVersion, requested_by: 'user-1', reason: null },
    }));

  test('which has just begun lets it have its outcome, and nothing after it', async () => {
    answers.set('/cancelled', [hold]);
    const id = await under().start(await under().workflow([call('/cancelled'), tag('never')]));
    await requested('/cancelled');
    await cancel(id);
    release('/cancelled');
    const entries = summary(await under().entriesUntil(id, 'instance_cancelled'));
    expect(entries).toContain('action_completed call');
    expect(entries.filter((line) => line === 'cancel_requested')).toHaveLength(1);
    expect(requestsTo('/cancelled')).toHaveLength(1);
    expect(await tagsOf(id)).toEqual([]);
  });

  test('of over two seconds is stored, and decided once the call has its outcome', async () => {
    answers.set('/cancelled-slow', [hold]);
    const id = await under().start(await under().workflow([call('/cancelled-slow'), tag('never')]));
    const { rowVersion } = await under().rowWhen(id, { waitingFor: 'action' });
    await cancel(id);
    await cancel(id);
    await under().rowWhen(id, { waitingFor: 'action', rowVersion: rowVersion + 1 });
    await under().drained();
    release('/cancelled-slow');
    await under().rowWhen(id, { waitingFor: 'turn' });
    await under().resume(id);
    expect(summary(await under().entriesUntil(id, 'instance_cancelled'))).toEqual([
      'instance_started',
      'action_started call',
      'cancel_requested',
      'action_completed call',
      'instance_cancelled requested',
    ]);
    expect(requestsTo('/cancelled-slow')).toHaveLength(1);
    expect(await tagsOf(id)).toEqual([]);
  });
});

describe('caps', () => {
  test('what finds no room at its host waits for a turn without an attempt, and delays nobody else', async () => {
    answers.set('/capped', [hold, hold, hold, hold]);
    const version = await under().workflow([call('/capped', { timeout_seconds: 20 })]);
    const starts = Array.from({ length: 4 }, (_, index) =>
      aStart(version, anEventView({ event_id: `capped-${index}`, entity_id: `capped-${index}` })),
    );
    await sendCommands(under().installation, starts);
    await requested('/capped', 2);
    const quick = [
      await under().workflow([call('/other', {}, other)], { tenant_id: version.tenant_id }),
      await under().workflow([call('/else', {}, other)]),
    ];
    const quickIds = await Promise.all(quick.map((each) => under().start(each)));
    for (const id of quickIds) await under().entriesUntil(id, 'instance_completed');
    const waiting = await eventually(async () => {
      const rows = await Promise.all(starts.map(({ instance_id }) => under().row(instance_id)));
      const turns = rows.filter((row) => row?.waitingFor === 'turn');
      expect(turns).toHaveLength(2);
      return turns;
    });
    expect(requestsTo('/capped')).toHaveLength(2);
    release('/capped');
    for (const row of waiting) await under().resume(row?.id as string);
    await requested('/capped', 4);
    release('/capped');
    for (const row of waiting) {
      const entries = await under().entriesUntil(row?.id as string, 'instance_completed');
      expect(entries.find(({ type }) => type === 'action_completed')).toMatchObject({ attempt: 1 });
    }
  });

  test('a tenant at its cap does not keep another from the same host', async () => {
    answers.set('/a', [hold]);
    answers.set('/b', [hold, hold]);
    const greedy = await under().workflow([call('/b', {}, other), tag('b')]);
    const first = await under().workflow([call('/a')], { tenant_id: greedy.tenant_id });
    await under().start(first, { entity_id: 'a' });
    await requested('/a');
    const ids = [
      await under().start(greedy, { event_id: 'b-1', entity_id: 'b-1' }),
      await under().start(greedy, { event_id: 'b-2', entity_id: 'b-2' }),
    ];
    await requested('/b', 2, other);
    const neighbour = await under().workflow([call('/neighbour')]);
    await under().entriesUntil(await under().start(neighbour), 'instance_completed');
    release('/a');
    release('/b');
    for (const id of ids) await under().rowWhen(id, { executedActions: expect.any(Number) });
  });
});

test('a result for which an instance has no room fails the action that brought it', async () => {
  const large = 'x'.repeat(200 * 1024);
  const version = await under().workflow([
    { action_type: 'set_variable', name: 'one', action_config: { name: 'one', value: large } },
    { action_type: 'set_variable', name: 'two', action_config: { name: 'two', value: large } },
    tag('never'),
  ]);
  const id = await under().start(version);
  const entries = await under().entriesUntil(id, 'instance_failed');
  expect(summary(entries)).toEqual([
    'instance_started',
    'action_completed one',
    'action_failed two context_too_large',
    'instance_failed context_too_large',
  ]);
  expect(JSON.parse(entries[1]?.detail ?? '').output).toMatchObject({ truncated: true });
  expect(await under().row(id)).toMatchObject({ status: 'failed', executedActions: 2, failedActions: 1 });
});
