import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../src/routes.ts';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { type ExampleRequest, exampleRequests, missingThings } from './example-requests.ts';
import { canary, createOwnedThings, type OwnedThings } from './owned-things.ts';

const owner = 'owner';
const stranger = 'stranger';
let api: ApiUnderTest;
let things: OwnedThings;
let before: string;

beforeAll(async () => {
  api = await startApi();
  things = await createOwnedThings(api, owner);
  before = await rowsOf(owner);
});
afterAll(() => api[Symbol.asyncDispose]());

/** Everything that a tenant has, in every table. What services do behind the API's back is left out. */
async function rowsOf(tenant: string): Promise<string> {
  const { pool } = api.database;
  const [tables] = await pool.query(
    "select table_name as name from information_schema.columns where table_schema = database() and column_name = 'tenant_id'",
  );
  const contents: Record<string, unknown> = {};
  for (const { name } of (tables as { name: string }[]).toSorted((a, b) => a.name.localeCompare(b.name))) {
    if (name === 'outbox_messages') continue;
    const [rows] = await pool.query(`select * from ${name} where tenant_id = ?`, [tenant]);
    contents[name] = (rows as Record<string, unknown>[]).map(({ published_at: _, ...row }) => row);
  }
  return JSON.stringify(contents);
}

const requestOf = (route: (typeof routes)[number], of: OwnedThings): ExampleRequest =>
  exampleRequests(of).find((request) => request.route === route) as ExampleRequest;

const malformed = (id: string): OwnedThings => Object.fromEntries(Object.keys(missingThings).map((name) => [name, id])) as OwnedThings;

interface Variant {
  name: string;
  things?: () => OwnedThings;
  tenant?: string;
  headers?: Record<string, string>;
  query?: string;
  body?: (body: unknown) => unknown;
}

const variants: Variant[] = [
  { name: 'another tenant’s ids' },
  { name: 'a tenant whose name differs in case', tenant: 'Owner' },
  { name: 'a tenant whose name begins alike', tenant: 'owne' },
  {
    name: 'the owner named by another header',
    headers: { 'X-Tenant': owner, 'X-Forwarded-Tenant-ID': owner, 'X-Original-Tenant-ID': owner },
  },
  {
    name: 'another method and place by headers',
    headers: { 'X-HTTP-Method-Override': 'GET', 'X-Original-URL': '/api/v1/workflows', 'X-Tenant-Id-Override': owner },
  },
  { name: 'the owner named in the query', query: `?tenant_id=${owner}` },
  { name: 'the filter named in the query', query: '?filters[tenant]=false' },
  { name: 'the owner named in the body', body: (body) => (isObject(body) ? { ...body, tenant_id: owner } : body) },
  { name: 'an operator where an id belongs', things: () => malformed('{"$ne":null}') },
  { name: 'SQL where an id belongs', things: () => malformed("1' or '1'='1") },
  { name: 'a path that climbs', things: () => malformed('../../workflows') },
  { name: 'a number in another notation', things: () => malformed('0x1') },
];

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  test.each(variants)('$name', async (variant) => {
    const request = requestOf(route, variant.things?.() ?? things);
    const { tenant = stranger, headers = {}, query = '' } = variant;
    const path = `${request.path}${query}`;
    const body = variant.body ? variant.body(request.body) : request.body;
    const answer = await api.request(request.method, path, { tenant, headers, body });
    expect(JSON.stringify(answer.body ?? '')).not.toContain(canary);
    if (route.parameters.length > 0) expect([404, 422]).toContain(answer.status);
    else expect(answer.status).not.toBe(500);
  });
});

test.each(routes.filter(({ parameters }) => parameters.length > 0).map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s answers the same for what is another’s, what is missing and what can’t be an id',
  async (_, route) => {
    const bodies = [];
    for (const of of [things, missingThings, malformed('abc'), malformed('-1'), malformed('1e3'), malformed('9'.repeat(30))]) {
      const { method, path, body } = requestOf(route, of);
      const answer = await api.request(method, path, { tenant: stranger, body });
      const { request_id: _, ...rest } = answer.body;
      bodies.push(rest);
    }
    expect(bodies[0]).toMatchObject({ status: 404, code: 'not_found' });
    for (const body of bodies) expect(body).toEqual(bodies[0]);
  },
);

test('two tenants in one header are refused', async () => {
  for (const { method, path, body } of exampleRequests(things)) {
    const headers = { 'X-Tenant-ID': `${stranger}, ${owner}` };
    expect(await api.request(method, path, { tenant: null, headers, body })).toMatchObject({
      status: 400,
      body: { code: 'tenant_invalid' },
    });
  }
});

test('200 interleaved requests of two tenants show no bleed', async () => {
  const lists = exampleRequests(things).filter(({ route }) => route.method === 'get' && route.parameters.length === 0);
  const asked = Array.from({ length: 200 }, async (_, index) => {
    const tenant = index % 2 === 0 ? owner : stranger;
    const { path } = lists[Math.floor(index / 2) % lists.length] as ExampleRequest;
    const answer = await api.request('GET', path, { tenant });
    return { tenant, path, text: JSON.stringify(answer.body) };
  });
  const answers = await Promise.all(asked);
  for (const { tenant, text } of answers) if (tenant === stranger) expect(text).not.toContain(canary);
  expect(answers.some(({ tenant, text }) => tenant === owner && text.includes(canary))).toBe(true);
});

test('after all that, the owner’s rows are what they were', async () => {
  expect(await rowsOf(owner)).toBe(before);
});

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
