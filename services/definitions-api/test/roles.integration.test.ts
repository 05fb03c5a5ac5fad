import { Router } from '@koa/router';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basePath, mountRoutes } from '../src/mount-routes.ts';
import { routes } from '../src/routes.ts';
import type { Services } from '../src/services.ts';
import { roles, type State } from '../src/state.ts';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { exampleRequests, missingThings } from './example-requests.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const cases = exampleRequests(missingThings).flatMap((request) =>
  roles.map((role) => ({
    ...request,
    role,
    title: `${role} → ${request.name}`,
    allowed: roles.indexOf(role) >= roles.indexOf(request.route.role),
  })),
);

test.each(cases)('$title', async ({ method, path, body, role, allowed }) => {
  const answer = await api.request(method, path, { tenant: `roles-${role}`, body, headers: { 'X-User-Role': role } });
  if (allowed) expect([401, 403]).not.toContain(answer.status);
  else expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});

test('the router serves the routes that are walked here, and no others', () => {
  const router = new Router<State>();
  mountRoutes(router, routes, {} as Services);
  const served = router.stack.map(({ methods, path }) => `${methods.filter((method) => method !== 'HEAD').join()} ${path}`);
  expect(served.toSorted()).toEqual(routes.map(({ method, path }) => `${method.toUpperCase()} ${basePath}${path}`).toSorted());
});

test('who may not do it changes nothing', async () => {
  const before = await rowCounts();
  for (const { method, path, body, role, allowed } of cases) {
    if (!allowed) await api.request(method, path, { body, headers: { 'X-User-Role': role } });
  }
  expect(await rowCounts()).toEqual(before);
});

async function rowCounts(): Promise<Record<string, number>> {
  const [tables] = await api.database.pool.query('show tables');
  const names = (tables as Record<string, string>[]).flatMap((row) => Object.values(row));
  const counts = names.map(async (name) => {
    const [rows] = await api.database.pool.query(`select count(*) as count from ${name}`);
    return [name, (rows as [{ count: number }])[0].count] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
