import type { Middleware } from 'koa';

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  // Tenants' data must not outlive the request in a shared cache.
  'Cache-Control': 'no-store',
};

/** On every answer, also on refusals. The documentation's page loosens what it needs. */
export const securityHeaders: Middleware = async (ctx, next) => {
  ctx.set(headers);
  await next();
};
