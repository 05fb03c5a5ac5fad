import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';
import { type Role, roles } from '../state.ts';
import type { Authenticate } from './authenticate.ts';
import { isRole, isTenantId, isUserId } from './identity-values.ts';

/** Who asks, from the headers of a trusted gateway, which must carry `sharedSecret` where there is one. */
export function identityFromHeaders(sharedSecret?: string | undefined): Authenticate {
  return async (header) => {
    if (sharedSecret !== undefined && !sameText(header('x-gateway-secret'), sharedSecret)) {
      throw new Problem(401, 'unauthenticated', 'Expected the gateway’s secret in X-Gateway-Secret, but it is missing or wrong');
    }
    const tenantId = header('x-tenant-id');
    if (tenantId === '') throw new Problem(401, 'tenant_required', 'Expected the header X-Tenant-ID, but it is missing');
    if (!isTenantId(tenantId)) {
      throw new Problem(400, 'tenant_invalid', 'Expected X-Tenant-ID to be 1 to 64 of A–Z, a–z, 0–9, ".", "_", "-", but it is not');
    }
    const userId = header('x-user-id') || null;
    if (userId !== null && !isUserId(userId)) {
      throw new Problem(400, 'user_invalid', 'Expected X-User-ID to be 1 to 128 printable ASCII characters, but it is not');
    }
    return { tenantId, userId, role: roleOf(header('x-user-role')), scopes: null, authenticatedBy: 'headers' };
  };
}

function roleOf(text: string): Role {
  if (text === '') return 'admin';
  if (isRole(text)) return text;
  throw new Problem(400, 'role_invalid', `Expected X-User-Role to be one of ${roles.join(', ')}, but it is not`);
}

/** In a time that doesn't tell where the texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
