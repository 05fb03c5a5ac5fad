import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationIdOf } from '../src/openapi/operation-id.ts';
import { routes } from '../src/routes.ts';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import { canary, createOwnedThings, type OwnedThings } from './owned-things.ts';

let api: ApiUnderTest;
let things: OwnedThings;

beforeAll(async () => {
  api = await startApi();
  await createOwnedThings(api, 'owner');
  things = await createOwnedThings(api, 'juggler');
});
afterAll(() => api[Symbol.asyncDispose]());

/** Texts that mean something to SQL, to templates, to paths or to nobody. */
const texts = [
  "' or '1'='1",
  "' or 1=1 -- ",
  "'; drop table workflows; -- ",
  '" or ""="',
  "\\' or 1=1 -- ",
  "\\\\' or 1=1 -- ",
  "' union select value from secrets -- ",
  "'||(select sleep(5))||'",
  "' and sleep(5) and '1'='1",
  '1 or 1=1',
  '0x27206f7220313d31',
  "'/**/or/**/1=1#",
  '`tenant_id`',
  '?',
  ':name',
  '$1',
  '%',
  '%%canary%%',
  '_',
  '\\',
  '\\%',
  "'",
  '"',
  '`',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u2066',
  '𝕊𝕢𝕝 🤖',
  'ʼ or 1=1',
  '＇ or 1=1',
  "¿' or 1=1",
  '{{ 7 | times: 7 }}',
  '{% raw %}',
  '#{7*7}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  'null',
  'NaN',
  '-0',
  '__proto__',
  'constructor',
];

/** Values of other kinds, where one kind is asked for. */
const values: unknown[] = [
  0,
  -1,
  1,
  1.5,
  1e308,
  true,
  false,
  null,
  '',
  [],
  [[]],
  ['a'],
  [0],
  {},
  { $ne: null },
  { $gt: '' },
  { toString: 'x' },
  { length: 1 },
  { '': 1 },
  { tenant_id: 'owner' },
];

/** `body` with another value at each of its places, and the place's name. */
function* alterations(
  body: unknown,
  replacements: () => readonly unknown[],
  only: (value: unknown) => boolean,
  path = '',
): Generator<[string, unknown]> {
  if (only(body)) for (const replacement of replacements()) yield [path, replacement];
  if (typeof body !== 'object' || body === null) return;
  for (const [key, child] of Object.entries(body)) {
    for (const [place, altered] of alterations(child, replacements, only, `${path}/${key}`)) {
      const copy = (Array.isArray(body) ? [...body] : { ...body }) as Record<string, unknown>;
      copy[key] = altered;
      yield [place, copy];
    }
  }
}

/** A part of a list at each call, so that after some places each has had its turn. */
function inTurns<T>(list: readonly T[], parts: number): () => T[] {
  let turn = 0;
  return () => {
    turn += 1;
    return list.filter((_, index) => index % parts === turn % parts);
  };
}

const withBody = routes.filter(({ body }) => body !== null).map((route) => [operationIdOf(route), route] as const);
const requestOf = (route: (typeof routes)[number]) => exampleRequests(things).find((request) => request.route === route) as ExampleRequest;

async function sendAll({ method, path }: ExampleRequest, bodies: Iterable<[string, unknown]>): Promise<number> {
  let count = 0;
  for (const [place, body] of bodies) {
    const startedAt = performance.now();
    const answer = await api.request(method, path, { tenant: 'juggler', body: JSON.stringify(body) });
    expect([place, answer.status < 500 || answer.status === 503, answer.body]).toEqual([place, true, answer.body]);
    expect(JSON.stringify(answer.body ?? '')).not.toContain(`${canary}-owner`);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    count++;
  }
  return count;
}

const someTexts = inTurns(texts, 5);
test.each(withBody)('%s bears texts of every kind in place of its texts', async (_, route) => {
  const request = requestOf(route);
  await sendAll(
    request,
    alterations(request.body, someTexts, (value) => typeof value === 'string'),
  );
});

const someValues = inTurns(values, 3);
test.each(withBody)('%s bears values of every kind in place of its values', async (_, route) => {
  const request = requestOf(route);
  expect(
    await sendAll(
      request,
      alterations(request.body, someValues, () => true),
    ),
  ).toBeGreaterThan(0);
});

const parameters = routes.flatMap((route) => {
  const shape = (route.query as { shape?: Record<string, unknown> } | null)?.shape ?? {};
  return Object.keys(shape).map((name) => [operationIdOf(route), name, route] as const);
});

test.each(parameters)('%s bears texts of every kind as its %s', async (_, name, route) => {
  const { method, path, body } = requestOf(route);
  for (const text of someTexts().filter((candidate) => candidate.isWellFormed())) {
    const answer = await api.request(method, `${path}?${new URLSearchParams({ [name]: text })}`, { tenant: 'juggler', body });
    expect([text, answer.status < 500]).toEqual([text, true]);
  }
});

test.each(texts.filter((text) => text.isWellFormed()))('the name %j is kept as it is, found as it is, and found alone', async (text) => {
  const name = `${text} ${Math.random()}`.trim();
  const created = await api.request('POST', '/workflows', { tenant: 'keeper', body: workflowBody({ name }) });
  if (created.status === 422) return expect(text).toMatch(/\p{Cc}/u);
  expect(created.body.name).toBe(name);
  expect((await api.request('GET', `/workflows/${created.body.id}`, { tenant: 'keeper' })).body.name).toBe(name);
  const found = await api.request('GET', `/workflows?${new URLSearchParams({ name })}`, { tenant: 'keeper' });
  expect(found.body.items.map(({ id }: { id: number }) => id)).toEqual([created.body.id]);
});

test('a wildcard in a filter is a character like others', async () => {
  await api.request('POST', '/workflows', { tenant: 'wild', body: workflowBody({ name: 'plain' }) });
  for (const name of ['%', '_', 'p%', 'plai_', '\\']) {
    expect((await api.request('GET', `/workflows?${new URLSearchParams({ name })}`, { tenant: 'wild' })).body.total).toBe(0);
  }
});

test('after all that the tables are there, and the owner’s rows', async () => {
  const [rows] = await api.database.pool.query("select count(*) as count from workflows where tenant_id = 'owner' and deleted_at is null");
  expect(rows).toEqual([{ count: 1 }]);
});
