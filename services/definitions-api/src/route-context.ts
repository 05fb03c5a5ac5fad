import type { RouterContext } from '@koa/router';
import { notFound } from './problem.ts';
import type { State } from './state.ts';

export type Ctx = RouterContext<State>;

/** The integer in a path; what can't be one is as if it didn't exist. */
export function numericId(ctx: Ctx, name = 'id'): number {
  const text = ctx.params[name] ?? '';
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
}

/** An instance's id in a path. */
export function instanceIdOf(ctx: Ctx): string {
  const text = ctx.params.instanceId ?? '';
  if (!/^[0-9a-f]{32}$/.test(text)) throw notFound();
  return text;
}

/** The parsed JSON body; undefined where there was none. */
export function bodyOf(ctx: Ctx): unknown {
  return (ctx.request as { body?: unknown }).body;
}
