import { once } from 'node:events';
import { connect } from 'node:net';
import { createLogger } from '@millrace/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';
import { exampleRequests, missingThings } from './example-requests.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const json = { 'X-Tenant-ID': 'acme', 'Content-Type': 'application/json' };
const send = (method: string, path: string, headers: Record<string, string> = json, body?: string | Buffer) =>
  fetch(`${api.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }) });

const refusals: [what: string, status: number, code: string, answer: () => Promise<Response>][] = [
  ['an unknown path', 404, 'not_found', () => send('GET', '/api/v1/nothing')],
  ['the root', 404, 'not_found', () => send('GET', '/')],
  ['a path outside the API', 404, 'not_found', () => send('GET', '/health')],
  ['a slash too many', 404, 'not_found', () => send('GET', '/api/v1//workflows')],
  ['another version', 404, 'not_found', () => send('GET', '/api/v2/workflows')],
  ['a path in capitals', 404, 'not_found', () => send('GET', '/API/V1/WORKFLOWS/1')],
  ['a path that isn’t UTF-8', 404, 'not_found', () => send('GET', '/api/v1/workflows/%ff')],
  ['a path with a broken escape', 404, 'not_found', () => send('GET', '/api/v1/workflows/%')],
  ['a path with a NUL', 404, 'not_found', () => send('GET', '/api/v1/workflows/%00')],
  ['a method that the path lacks', 405, 'method_not_allowed', () => send('PUT', '/api/v1/workflows', json, '{}')],
  ['a DELETE of a list', 405, 'method_not_allowed', () => send('DELETE', '/api/v1/scheduled-tasks')],
  ['a method that HTTP has and the API lacks', 405, 'method_not_allowed', () => send('PROPFIND', '/api/v1/workflows')],
  ['no body', 422, 'invalid', () => send('POST', '/api/v1/workflows')],
  ['an empty body', 422, 'invalid', () => send('POST', '/api/v1/workflows', json, '')],
  ['blanks', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '   ')],
  ['half an object', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '{"name":')],
  ['two objects', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '{}{}')],
  ['single quotes', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, "{'name':'x'}")],
  ['a trailing comma', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '{"name":"x",}')],
  ['a comment', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '{}//x')],
  ['NaN', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '{"name":NaN}')],
  ['bytes that aren’t UTF-8', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, Buffer.from([0x22, 0xff, 0x22]))],
  ['UTF-16', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, Buffer.from('{"name":"x"}', 'utf16le'))],
  ['a byte order mark', 400, 'malformed_json', () => send('POST', '/api/v1/workflows', json, '\ufeff{}')],
  [
    'a form',
    415,
    'unsupported_media_type',
    () => send('POST', '/api/v1/workflows', { ...json, 'Content-Type': 'application/x-www-form-urlencoded' }, 'name=x'),
  ],
  ['plain text', 415, 'unsupported_media_type', () => send('POST', '/api/v1/workflows', { ...json, 'Content-Type': 'text/plain' }, '{}')],
  ['XML', 415, 'unsupported_media_type', () => send('POST', '/api/v1/workflows', { ...json, 'Content-Type': 'application/xml' }, '<a/>')],
  ['no type', 415, 'unsupported_media_type', () => send('POST', '/api/v1/workflows', { 'X-Tenant-ID': 'acme' }, Buffer.from('{}'))],
  [
    'another charset',
    415,
    'unsupported_media_type',
    () => send('POST', '/api/v1/workflows', { ...json, 'Content-Type': 'application/json; charset=latin1' }, '{}'),
  ],
  [
    'a compressed body',
    415,
    'unsupported_media_type',
    () => send('POST', '/api/v1/workflows', { ...json, 'Content-Encoding': 'gzip' }, '{}'),
  ],
  [
    'a type that begins alike',
    415,
    'unsupported_media_type',
    () => send('POST', '/api/v1/workflows', { ...json, 'Content-Type': 'application/jsonp' }, '{}'),
  ],
  ['an unknown parameter', 422, 'invalid', () => send('GET', '/api/v1/workflows?colour=red')],
  ['no tenant', 401, 'tenant_required', () => send('GET', '/api/v1/workflows', {})],
  ['an unacceptable tenant', 400, 'tenant_invalid', () => send('GET', '/api/v1/workflows', { 'X-Tenant-ID': 'a b' })],
  ['too small a role', 403, 'forbidden', () => send('GET', '/api/v1/audit', { ...json, 'X-User-Role': 'viewer' })],
  ['a stale If-Match', 412, 'version_changed', () => send('PUT', '/api/v1/tenant-settings', { ...json, 'If-Match': '"7"' }, '{}')],
];

test.each(refusals)('%s is %i %s, as a problem with every header', async (_, status, code, answer) => {
  const response = await answer();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: expect.any(String),
    status,
    code,
    detail: expect.stringMatching(/^Expected/),
  });
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  expect(Object.keys(problem)).not.toContain('stack');
  expectSecurityHeaders(response.headers);
});

test('405 says which methods there are', async () => {
  for (const [path, methods] of [
    ['/workflows', 'HEAD, GET, POST'],
    ['/workflows/1', 'HEAD, GET, PUT, DELETE'],
    ['/audit', 'HEAD, GET'],
  ] as const) {
    const { status, headers } = await send('PATCH', `/api/v1${path}`, json, '{}');
    expect([status, headers.get('allow')?.split(', ').toSorted()]).toEqual([405, methods.split(', ').toSorted()]);
  }
});

test.each(exampleRequests(missingThings))('$name answers with every header', async ({ method, path, body }) => {
  const { headers } = await api.request(method, path, { tenant: 'headers', body });
  expectSecurityHeaders(headers);
});

function expectSecurityHeaders(headers: Headers): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'strict-transport-security': expect.stringContaining('max-age='),
    'cache-control': 'no-store',
    'x-request-id': expect.any(String),
  });
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin', 'set-cookie']) expect(headers.get(name)).toBeNull();
}

test('a HEAD has the headers of its GET and no body', async () => {
  const [get, head] = [await send('GET', '/api/v1/workflows'), await send('HEAD', '/api/v1/workflows')];
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  expect((await send('HEAD', '/api/v1/workflows/999999')).status).toBe(404);
});

test.each([
  'application/json',
  'APPLICATION/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/merge-patch+json',
])('the type %s is JSON', async (type) => {
  const response = await send('POST', '/api/v1/workflows', { ...json, 'Content-Type': type }, JSON.stringify(workflowBody()));
  expect(response.status).toBe(201);
});

test.each(['abc', 'a'.repeat(128), '1.2_3-4'])('the request id %s is kept', async (id) => {
  expect((await send('GET', '/api/v1/workflows', { ...json, 'X-Request-ID': id })).headers.get('x-request-id')).toBe(id);
});

test.each(['a b', 'a'.repeat(129), '<script>', 'a"b', 'ü', 'a;b'])('the request id %s is not kept', async (id) => {
  const headers = { ...json, 'X-Request-ID': Buffer.from(id).toString('latin1') };
  expect((await send('GET', '/api/v1/workflows', headers)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

async function speak(text: string): Promise<string> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['an unknown method', 'FLY / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
  ['two lengths', 'POST /api/v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  [
    'a length and chunks',
    'POST /api/v1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a line break in a header', 'GET /api/v1/workflows HTTP/1.1\r\nHost: x\r\nX-Tenant-ID: a\n b\r\nX\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s on the line is a problem, too', async (_, text, status) => {
  const answer = await speak(text);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain('application/problem+json');
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, detail: expect.stringMatching(/^Expected/) });
});

test('what went wrong inside is in the log, not in the answer', async () => {
  const lines: string[] = [];
  const logger = createLogger('answers-test', 'error');
  logger.error = ((fields: { err: Error }) => lines.push(fields.err.message)) as never;
  logger.child = () => logger as never;
  await using broken = await startApi({ isKafkaAway: true, logger, now: () => Number.NaN });
  const answer = await broken.request('POST', '/workflows', { body: workflowBody() });
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error', request_id: answer.headers.get('x-request-id') } });
  expect(JSON.stringify(answer.body)).not.toMatch(/Invalid|sql|node_modules|at /i);
  expect(lines.length).toBeGreaterThan(0);
});
