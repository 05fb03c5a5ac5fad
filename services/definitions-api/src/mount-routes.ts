import type { Router, RouterContext } from '@koa/router';
import type { Middleware } from 'koa';
import { type Answer, answerOf } from './changes/answer.ts';
import { auditSubjectOf } from './changes/audit-subject.ts';
import { runChange } from './changes/run-change.ts';
import { requirePermission } from './middleware/identity.ts';
import { jsonBody } from './middleware/json-body.ts';
import type { RawRequest, Route } from './route.ts';
import { scopeOf } from './scopes.ts';
import type { Services } from './services.ts';
import type { State } from './state.ts';

export const basePath = '/api/v1';

/** Serves routes below /api/v1: who may use one is asked before its body is read. */
export function mountRoutes(router: Router<State>, routes: readonly Route[], services: Services): void {
  for (const route of routes) {
    const path = `${basePath}${route.path}`;
    const changing = { route, subject: auditSubjectOf(route, routes) };
    router[route.method](path, requirePermission(route.role, scopeOf(route)), ...bodyReaders(route), async (ctx) => {
      const request = rawRequestOf(ctx);
      const answer =
        route.method === 'get'
          ? answerOf(route, await route.run(request, services))
          : await runChange(changing, { ...request, path: ctx.path.slice(basePath.length) }, services);
      send(ctx, answer);
    });
  }
}

function bodyReaders({ method }: Route): Middleware<State>[] {
  return method === 'post' || method === 'put' || method === 'patch' ? [jsonBody] : [];
}

function rawRequestOf(ctx: RouterContext<State>): RawRequest {
  return {
    params: ctx.params,
    // Koa's query has no prototype, which zod's objects ask for.
    query: { ...ctx.query },
    body: (ctx.request as { body?: unknown }).body,
    state: ctx.state,
    header: (name) => ctx.get(name),
  };
}

function send(ctx: RouterContext<State>, { status, headers, text }: Answer): void {
  ctx.status = status;
  ctx.set(headers);
  if (text === null) return;
  ctx.body = text;
  ctx.type = 'application/json';
}
