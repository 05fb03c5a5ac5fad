import { createHash, timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';
import { Problem } from '../problem.ts';
import { type Role, roles, type State } from '../state.ts';

const tenantPattern = /^[A-Za-z0-9._-]{1,64}$/;
const userPattern = /^[\x20-\x7e]{1,128}$/;

/** Who asks, from the headers of a trusted gateway. */
export function identityFromHeaders(sharedSecret: string | undefined): Middleware<State> {
  return async (ctx, next) => {
    if (sharedSecret !== undefined && !sameText(ctx.get('x-gateway-secret'), sharedSecret)) {
      throw new Problem(401, 'unauthenticated', 'Expected the gateway’s secret in X-Gateway-Secret, but it is missing or wrong');
    }
    const tenantId = ctx.get('x-tenant-id');
    if (tenantId === '') throw new Problem(401, 'tenant_required', 'Expected the header X-Tenant-ID, but it is missing');
    if (!tenantPattern.test(tenantId)) {
      throw new Problem(400, 'tenant_invalid', 'Expected X-Tenant-ID to be 1 to 64 of A–Z, a–z, 0–9, ".", "_", "-", but it is not');
    }
    const userId = ctx.get('x-user-id') || null;
    if (userId !== null && !userPattern.test(userId)) {
      throw new Problem(400, 'user_invalid', 'Expected X-User-ID to be 1 to 128 printable ASCII characters, but it is not');
    }
    ctx.state.identity = { tenantId, userId, role: roleOf(ctx.get('x-user-role')) };
    await next();
  };
}

/** Refuses who may do less than `role`. */
export function requireRole(role: Role): Middleware<State> {
  return async (ctx, next) => {
    if (roles.indexOf(ctx.state.identity.role) < roles.indexOf(role)) {
      throw new Problem(403, 'forbidden', `Expected the role ${role} or above, but it is ${ctx.state.identity.role}`);
    }
    await next();
  };
}

function roleOf(text: string): Role {
  if (text === '') return 'admin';
  const role = roles.find((known) => known === text);
  if (!role) throw new Problem(400, 'role_invalid', `Expected X-User-Role to be one of ${roles.join(', ')}, but it is not`);
  return role;
}

/** In a time that doesn't tell where the texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
