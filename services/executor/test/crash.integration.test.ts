import type { ServerResponse } from 'node:http';
import type { InstanceRow } from '@millrace/db';
import {
  type ActionOverrides,
  anEventView,
  aStart,
  eventually,
  freePort,
  type KafkaProxy,
  moveWakeAt,
  readMetric,
  sendCommands,
  startKafkaProxy,
  startService,
} from '@millrace/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExecutorUnderTest, startExecutor } from './executor-under-test.ts';
import { type HttpServer, type ReceivedRequest, startHttpServer } from './http-server.ts';

/** Long enough that a burst is still going on when it is disturbed. */
const answerMs = 10;
const held = new Map<string, ServerResponse[]>();
const isHeld = new Set<string>();
const accept = (response: ServerResponse) => void response.writeHead(200).end('ok');
const release = (path: string) => {
  isHeld.delete(path);
  for (const response of held.get(path)?.splice(0) ?? []) accept(response);
};

let all: AsyncDisposableStack;
let hooks: HttpServer;
let proxy: KafkaProxy;
let under: ExecutorUnderTest;

beforeEach(async () => {
  all = new AsyncDisposableStack();
  held.clear();
  isHeld.clear();
  hooks = all.use(
    await startHttpServer((response, { path }) => {
      if (isHeld.has(path)) held.set(path, [...(held.get(path) ?? []), response]);
      else setTimeout(() => accept(response), answerMs);
    }),
  );
  proxy = all.use(await startKafkaProxy(process.env.KAFKA_BROKERS ?? '127.0.0.1:19092'));
  under = await startExecutor(
    'executor-crash',
    { HTTP_ALLOWED_ORIGINS: hooks.origin, KAFKA_BROKERS: proxy.broker, HOST_CONCURRENCY: '4' },
    all,
  );
});
afterEach(() => all.disposeAsync());

const call = (path: string, overrides: Partial<ActionOverrides> = {}): ActionOverrides => ({
  action_type: 'http_request',
  name: 'call',
  action_config: { url: `${hooks.origin}${path}`, body: { lead: '{{ lead.lead_id }}', at: '{{ now }}' } },
  ...overrides,
});
const tag = (name: string, overrides: Partial<ActionOverrides> = {}): ActionOverrides => ({
  action_type: 'add_tag',
  name,
  action_config: { tag: name },
  ...overrides,
});
const requestsTo = (path: string) => hooks.requests.filter((request) => request.path === path);
const requested = (path: string, times = 1) => eventually(() => expect(requestsTo(path)).toHaveLength(times));
const restart = async (more: Record<string, string> = {}) =>
  all.use(
    await startService(
      'executor',
      { ...under.env, KAFKA_BROKERS: under.installation.env.KAFKA_BROKERS as string, ...more },
      await freePort(),
    ),
  );

interface Burst {
  ids: string[];
  rows(): Promise<InstanceRow[]>;
  /** Resumes what waits for its turn, as the scheduler would, until all have completed. */
  completed(): Promise<void>;
}

/** Starts so many instances of "tag, call, tag", each of an entity of its own. */
async function burst(count: number): Promise<Burst> {
  const version = await under.workflow([tag('first'), call('/burst'), tag('last')]);
  const starts = Array.from({ length: count }, (_, index) =>
    aStart(version, anEventView({ event_id: `burst-${index}`, entity_id: `lead-${index}` })),
  );
  await sendCommands(under.installation, starts);
  const ids = starts.map(({ instance_id }) => instance_id);
  const rows = async () => (await Promise.all(ids.map(under.row))).filter((row) => row !== undefined);
  return {
    ids,
    rows,
    completed: () =>
      eventually(
        async () => {
          const all = await rows();
          for (const { id, waitingFor, wakeAtMs } of all)
            if (waitingFor === 'turn' && (wakeAtMs ?? 0) <= Date.now()) await under.resume(id);
          expect(all.filter(({ status }) => status === 'completed')).toHaveLength(count);
        },
        { timeoutMs: 60_000, everyMs: 500 },
      ),
  };
}

/** The calls of a burst, by their idempotency key. */
const callsByKey = () => Map.groupBy(requestsTo('/burst'), ({ headers }) => String(headers['idempotency-key']));
const commandIds = async () => (await under.crm.values()).map(({ command_id }) => command_id);

test('killed in the middle of calls and of a burst, what was committed is not done again, what was in flight is, and no entry is missing', async () => {
  for (const path of ['/once', '/plain', '/committed']) isHeld.add(path);
  const once = await under.start(
    await under.workflow([call('/once', { at_most_once: true, timeout_seconds: 1, on_error: 'continue' }), tag('after')]),
  );
  const plain = await under.start(await under.workflow([tag('before'), call('/plain'), tag('after')]));
  const parked = await under.start(await under.workflow([tag('now'), tag('late', { delay_seconds: 3_600 })]));
  const committed = await under.start(await under.workflow([call('/committed')]));
  await under.rowWhen(parked, { waitingFor: 'delay' });
  for (const path of ['/once', '/plain', '/committed']) await requested(path);
  const instances = await burst(150);
  await eventually(() => expect(requestsTo('/burst').length).toBeGreaterThan(20), { everyMs: 5 });
  // From here on nothing reaches the broker: what is committed is not published.
  proxy.hold();
  release('/committed');
  await under.rowWhen(committed, { status: 'completed' });
  under.executor.kill('SIGKILL');
  await under.executor.exited;
  const doneBefore = new Set((await instances.rows()).filter(({ executedActions }) => executedActions > 1).map(({ id }) => id));
  expect(
    (await under.log.values())
      .filter(({ instance_id }) => instance_id === committed)
      .flatMap(({ entries }) => entries.map(({ type }) => type)),
  ).not.toContain('instance_completed');
  proxy.letThrough();
  release('/once');
  release('/plain');
  await restart();

  const typesUntil = async (id: string, last: string) => (await under.entriesUntil(id, last)).map(({ type }) => type);
  expect(await typesUntil(committed, 'instance_completed')).toEqual(['instance_started', 'action_completed', 'instance_completed']);
  expect(requestsTo('/committed')).toHaveLength(1);

  expect(await typesUntil(plain, 'instance_completed')).toEqual([
    'instance_started',
    'action_completed',
    'action_completed',
    'action_completed',
    'instance_completed',
  ]);
  const [first, second, ...others] = requestsTo('/plain') as [ReceivedRequest, ReceivedRequest];
  expect(others).toEqual([]);
  expect(second.body).toEqual(first.body);
  expect(second.headers['idempotency-key']).toBe(first.headers['idempotency-key']);

  expect(await typesUntil(once, 'instance_completed')).toEqual([
    'instance_started',
    'action_started',
    'action_unknown',
    'action_completed',
    'instance_completed',
  ]);
  expect(requestsTo('/once')).toHaveLength(1);

  await moveWakeAt(under.installation, parked);
  await under.resume(parked);
  await under.entriesUntil(parked, 'instance_completed');
  const ids = await commandIds();
  expect(ids.filter((id) => id.startsWith(parked))).toHaveLength(2);
  expect(ids.filter((id) => id.startsWith(plain))).toHaveLength(2);

  await instances.completed();
  const calls = callsByKey();
  expect(calls.size).toBe(150);
  for (const [key, requests] of calls) {
    expect(requests.length).toBeLessThanOrEqual(doneBefore.has(key.slice(0, 32)) ? 1 : 2);
    for (const { body } of requests) expect(body).toEqual(requests[0]?.body);
  }
  for (const id of instances.ids) await under.entriesUntil(id, 'instance_completed');
  expect(new Set((await commandIds()).filter((id) => instances.ids.includes(id.slice(0, 32)))).size).toBe(300);
});

test('killed before the end that an event led to was published, the event that comes again has it published', async () => {
  isHeld.add('/answered');
  const wait: ActionOverrides = { action_type: 'wait_for_event', action_config: { event_name: 'invoice.paid', timeout: 'PT1H' } };
  const version = await under.workflow([wait, call('/answered')]);
  const id = await under.start(version);
  await under.rowWhen(id, { waitingFor: 'event' });
  await under.drained();
  await under.deliver(version.tenant_id, { event_type: 'invoice.paid' });
  await requested('/answered');
  proxy.hold();
  release('/answered');
  await under.rowWhen(id, { status: 'completed' });
  under.executor.kill('SIGKILL');
  await under.executor.exited;
  proxy.letThrough();
  await restart();
  const entries = await under.entriesUntil(id, 'instance_completed');
  expect(entries.map(({ type }) => type)).toContain('event_received');
  expect(requestsTo('/answered')).toHaveLength(1);
});

test('told to stop in the middle of a burst and of a call, it ends well, and nothing is done twice', async () => {
  isHeld.add('/held');
  const slow = await under.start(await under.workflow([tag('before'), call('/held', { timeout_seconds: 15 }), tag('after')]));
  await under.rowWhen(slow, { waitingFor: 'action' });
  const instances = await burst(200);
  await eventually(() => expect(requestsTo('/burst').length).toBeGreaterThan(20), { everyMs: 5 });
  under.executor.kill('SIGTERM');
  await eventually(() => expect(under.executor.output()).toContain('executor is stopping'));
  release('/held');
  expect(await under.executor.exited).toBe(0);
  expect(await under.row(slow)).toMatchObject({ waitingFor: 'turn', executedActions: 2 });
  await restart();
  await under.resume(slow);
  await under.entriesUntil(slow, 'instance_completed');
  await instances.completed();
  expect([...callsByKey().values()].map((requests) => requests.length)).toEqual(Array(200).fill(1));
  expect(requestsTo('/held')).toHaveLength(1);
  const ids = await commandIds();
  expect(ids).toHaveLength(402);
  expect(new Set(ids).size).toBe(402);
  for (const id of instances.ids) await under.entriesUntil(id, 'instance_completed');
});

test('with another executor that joins in the middle of a burst and leaves again, each instance runs once', async () => {
  const instances = await burst(300);
  await eventually(() => expect(requestsTo('/burst').length).toBeGreaterThan(10), { everyMs: 5 });
  isHeld.add('/burst');
  const second = await restart();
  release('/burst');
  await eventually(async () => {
    for (const { id, waitingFor } of await instances.rows()) if (waitingFor === 'turn') await under.resume(id);
    expect(await readMetric(second, 'millrace_executor_commands_total')).toBeGreaterThan(10);
  });
  await second[Symbol.asyncDispose]();
  await instances.completed();
  const calls = callsByKey();
  expect(calls.size).toBe(300);
  for (const requests of calls.values()) {
    expect(requests.length).toBeLessThanOrEqual(2);
    for (const { body } of requests) expect(body).toEqual(requests[0]?.body);
  }
  expect(new Set(await commandIds()).size).toBe(600);
  for (const id of instances.ids) {
    const entries = await under.entriesUntil(id, 'instance_completed');
    expect(entries.filter(({ type }) => type !== 'action_started').map(({ type }) => type)).toEqual([
      'instance_started',
      'action_completed',
      'action_completed',
      'action_completed',
      'instance_completed',
    ]);
  }
});

test('told to stop while the brokers are away, it ends all the same', async () => {
  await under.executor[Symbol.asyncDispose]();
  const away = await restart({ KAFKA_BROKERS: proxy.broker, STOP_TIMEOUT_SECONDS: '1' });
  isHeld.add('/any');
  const id = await under.start(await under.workflow([call('/any')]));
  await requested('/any');
  proxy.hold();
  release('/any');
  await under.rowWhen(id, { status: 'completed' });
  away.kill('SIGTERM');
  expect(await away.exited).toBe(1);
});
