import type { Middleware } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';
import type { State } from '../state.ts';

export interface RateLimit {
  /** Requests of one tenant in a window; 0: no limit. */
  requests: number;
  windowSeconds: number;
}

/** Counts each tenant's requests, in this process: with n processes behind a balancer a tenant has up to n times as many. */
export function rateLimit({ requests, windowSeconds }: RateLimit): Middleware<State> {
  if (requests === 0) return (_, next) => next();
  const limiter = new RateLimiterMemory({ points: requests, duration: windowSeconds });
  return async (ctx, next) => {
    const used = await limiter.consume(ctx.state.identity.tenantId).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const seconds = Math.max(1, Math.ceil(used.msBeforeNext / 1_000));
    ctx.set({
      'RateLimit-Policy': `${requests};w=${windowSeconds}`,
      'RateLimit-Limit': String(requests),
      'RateLimit-Remaining': String(used.remainingPoints),
      'RateLimit-Reset': String(seconds),
    });
    if (used.consumedPoints > requests) {
      throw new Problem(429, 'rate_limited', `Expected at most ${requests} requests in ${windowSeconds} s, but there were more`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
    await next();
  };
}
