import { expect, test } from 'vitest';
import { counter, gauge, type HealthOptions, histogram, startHealth, startTelemetry } from './index.ts';

async function serve(options: Partial<HealthOptions> = {}) {
  const telemetry = await startTelemetry('test');
  const health = await startHealth({ port: 0, ready: async () => ({ ready: true }), telemetry, ...options });
  return {
    get: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${health.port}${path}`, init),
    [Symbol.asyncDispose]: () => health[Symbol.asyncDispose](),
  };
}

test('a process that is ready says so, with its details', async () => {
  await using server = await serve({ ready: async () => ({ ready: true, lag: 3 }) });
  const response = await server.get('/health/ready');
  expect([response.status, await response.json()]).toEqual([200, { ready: true, lag: 3 }]);
});

test.each<[string, HealthOptions['ready'], unknown]>([
  ['is not ready', async () => ({ ready: false, database: 'away' }), { ready: false, database: 'away' }],
  ['cannot tell', () => Promise.reject(new Error('no answer')), { ready: false, error: 'no answer' }],
])('a process that %s answers 503 and why', async (_, ready, body) => {
  await using server = await serve({ ready });
  const response = await server.get('/health/ready');
  expect([response.status, await response.json()]).toEqual([503, body]);
});

test('a process that should be restarted is not live', async () => {
  await using server = await serve({ live: () => false });
  expect((await server.get('/health/live')).status).toBe(503);
  await using other = await serve();
  expect(await (await other.get('/health/live')).json()).toEqual({ live: true });
});

test('metrics are told as Prometheus text, the process’s own too', async () => {
  counter('test_things_total', 'things that were counted').add(2, { kind: 'a' });
  gauge('test_level', 'how high it is', () => 7);
  histogram('test_seconds', 'how long it took', [1, 5]).record(2);
  await using server = await serve();
  const text = await (await server.get('/metrics')).text();
  expect(text).toContain('# HELP test_things_total things that were counted');
  expect(text).toMatch(/^test_things_total\{kind="a".*\} 2( \d+)?$/m);
  expect(text).toMatch(/^test_level(\{.*\})? 7( \d+)?$/m);
  expect(text).toMatch(/^test_seconds_bucket\{.*le="5".*\} 1( \d+)?$/m);
  expect(text).toMatch(/^process_resident_memory_bytes(\{.*\})? \d+/m);
});

test.each([
  ['/nowhere', 'GET', 404],
  ['/metrics', 'POST', 405],
  ['/health/ready?verbose', 'GET', 200],
])('%s with %s is %i', async (path, method, status) => {
  await using server = await serve();
  expect((await server.get(path, { method })).status).toBe(status);
});
