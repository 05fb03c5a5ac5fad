import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { Problem } from '../problem.ts';
import type { State } from '../state.ts';

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: '1mb',
  jsonStrict: false,
  parsedMethods: ['POST', 'PUT', 'PATCH'],
  onError: (error) => {
    if ((error as { status?: number }).status !== 400) throw error;
    throw new Problem(400, 'malformed_json', `Expected a JSON body, but ${error.message}`);
  },
});

/** Reads a JSON body of at most 1 MB: 400 where it isn't JSON, 413 where it is larger, 415 where it says to be something else. */
export const jsonBody: Middleware<State> = async (ctx, next) => {
  const hasBody = ctx.get('transfer-encoding') !== '' || Number(ctx.get('content-length') || 0) > 0;
  if (hasBody && ['POST', 'PUT', 'PATCH'].includes(ctx.method) && !ctx.is('application/json')) {
    throw new Problem(415, 'unsupported_media_type', 'Expected Content-Type: application/json, but it is another or missing');
  }
  if (hasBody) await parse(ctx as unknown as Parameters<typeof parse>[0], next);
  else await next();
};
