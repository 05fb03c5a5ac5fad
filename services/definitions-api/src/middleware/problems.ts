import { STATUS_CODES } from 'node:http';
import { translateDatabaseError } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import type { Middleware } from 'koa';
import { notFound, Problem } from '../problem.ts';
import type { State } from '../state.ts';

/** Every error becomes `application/problem+json`. What nobody expected is a 500 without details, logged with them. */
export const problems: Middleware<State> = async (ctx, next) => {
  try {
    await next();
    if (ctx.body === undefined || ctx.body === null) refuseUnanswered(ctx.status);
  } catch (error) {
    // What nobody reads any more is let through, so that the client gets to read the answer.
    ctx.req.resume();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      ctx.state.logger[problem.status === 500 ? 'error' : 'warn']({ err: error, method: ctx.method, path: ctx.path }, 'request failed');
    }
    ctx.status = problem.status;
    ctx.set(problem.headers);
    ctx.body = {
      type: 'about:blank',
      title: STATUS_CODES[problem.status],
      status: problem.status,
      code: problem.code,
      detail: problem.message,
      ...(problem.errors ? { errors: problem.errors } : {}),
      request_id: ctx.state.requestId,
    };
    ctx.type = 'application/problem+json';
  }
};

/** No route has taken the request: the router knows only which methods the path has. */
function refuseUnanswered(status: number): void {
  if (status === 404) throw notFound();
  if (status === 405 || status === 501)
    throw new Problem(405, 'method_not_allowed', 'Expected one of the methods in Allow, but it is another');
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const translated = translateDatabaseError(error);
  if (translated instanceof RetryableError) {
    const seconds = Math.max(1, Math.ceil((translated.retryAfterMs ?? 1_000) / 1_000));
    return new Problem(503, translated.code, translated.message, { headers: { 'Retry-After': String(seconds) } });
  }
  return (
    fromHttpError(error) ??
    new Problem(500, 'internal_error', 'Expected to answer, but something went wrong; the request id finds it in the log')
  );
}

/** What Koa, the router and the body parser throw. */
function fromHttpError(error: unknown): Problem | null {
  const { status, expose, type } = (error ?? {}) as { status?: unknown; expose?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  if (status === 413) return new Problem(413, 'body_too_large', 'Expected a body of at most 1 MB, but it is larger');
  if (status === 415) return new Problem(415, 'unsupported_media_type', 'Expected a body that can be read, but its encoding is unknown');
  if (type === 'request.aborted') return new Problem(400, 'aborted', 'Expected a whole body, but the request was aborted');
  return new Problem(status, 'malformed', expose === false ? 'Expected a valid request' : 'Expected a well-formed request, but it is not');
}
