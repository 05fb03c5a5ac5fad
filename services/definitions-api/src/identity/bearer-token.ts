import { Problem } from '../problem.ts';
import type { HeaderOf } from './authenticate.ts';

/** The token of `Authorization: Bearer …`. 401 where the header is missing or says something else. */
export function bearerToken(header: HeaderOf): string {
  const text = header('authorization');
  if (text === '') throw unauthenticated('Expected the header Authorization: Bearer …, but it is missing');
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(text)?.[1];
  if (token === undefined) throw unauthenticated('Expected the header Authorization to be "Bearer" and a token, but it is not');
  return token;
}

/** 401 with the challenge that RFC 6750 asks for. */
export function unauthenticated(detail: string, code = 'unauthenticated'): Problem {
  const challenge = code === 'unauthenticated' ? 'Bearer' : 'Bearer error="invalid_token"';
  return new Problem(401, code, detail, { headers: { 'WWW-Authenticate': challenge } });
}

/** The credentials say whose request it is; a header may repeat that, not change it. */
export function refuseOtherTenant(header: HeaderOf, tenantId: string): void {
  const named = header('x-tenant-id');
  if (named === '' || named === tenantId) return;
  throw new Problem(403, 'tenant_mismatch', 'Expected X-Tenant-ID to be the tenant of the credentials or absent, but it is another');
}
