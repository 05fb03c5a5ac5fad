import { randomUUID } from 'node:crypto';
import { counter, histogram, type Logger, withSpan } from '@millrace/runtime';
import type { Middleware } from 'koa';
import type { State } from '../state.ts';

const requests = counter('millrace_api_requests_total', 'Requests answered, by method, route and status.');
const seconds = histogram(
  'millrace_api_request_seconds',
  'Time to answer a request.',
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
);
const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request its id, a logger bound to it, a span below the caller's, and counts it. */
export function requestScope(logger: Logger): Middleware<State> {
  return async (ctx, next) => {
    const given = ctx.get('x-request-id');
    const requestId = acceptable.test(given) ? given : randomUUID();
    ctx.state.requestId = requestId;
    ctx.state.logger = logger.child({ request_id: requestId });
    ctx.set('X-Request-ID', requestId);
    const startedAt = performance.now();
    await withSpan(`HTTP ${ctx.method}`, { traceparent: ctx.get('traceparent') || undefined }, async (span) => {
      await next();
      const route = (ctx as { _matchedRoute?: unknown })._matchedRoute;
      const labels = { method: ctx.method, route: typeof route === 'string' ? route : 'none', status: ctx.status };
      span.updateName(`${ctx.method} ${labels.route}`);
      span.setAttributes({ 'http.request.method': ctx.method, 'http.route': labels.route, 'http.response.status_code': ctx.status });
      requests.add(1, labels);
      seconds.record((performance.now() - startedAt) / 1000, { method: labels.method, route: labels.route });
    });
  };
}
