import { createSecretKey } from 'node:crypto';
import { createRemoteJWKSet, errors, importSPKI, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Problem } from '../problem.ts';
import { type Role, roles } from '../state.ts';
import type { Authenticate } from './authenticate.ts';
import { bearerToken, refuseOtherTenant, unauthenticated } from './bearer-token.ts';
import { isRole, isTenantId, isUserId } from './identity-values.ts';

export interface JwtOptions {
  /** Where the issuer publishes its keys, or the one key: a PEM public key, for HS… algorithms the secret itself. */
  keys: { url: URL } | { key: string };
  issuer: string;
  audience: string;
  /** The only algorithms that are accepted, whatever a token says of itself. */
  algorithms: readonly string[];
  clockToleranceSeconds: number;
  /** Claims by name, or by a dotted path where no claim has that name. */
  tenantClaim: string;
  roleClaim: string;
}

/** Who asks, from a signed token. Its tenant claim rules; its role claim is a role or a list, of which the highest counts. */
export function identityFromJwt(options: JwtOptions): Authenticate {
  const key = keyOf(options);
  return async (header) => {
    const claims = await verify(bearerToken(header), key, options);
    const tenantId = claimOf(claims, options.tenantClaim);
    if (!isTenantId(tenantId)) {
      throw new Problem(403, 'tenant_missing', `Expected the token's claim "${options.tenantClaim}" to name a tenant, but it does not`);
    }
    refuseOtherTenant(header, tenantId);
    if (!isUserId(claims.sub)) {
      throw unauthenticated('Expected the token’s subject to be 1 to 128 printable ASCII characters, but it is not', 'token_invalid');
    }
    return {
      tenantId,
      userId: claims.sub,
      role: roleOf(claimOf(claims, options.roleClaim), options.roleClaim),
      scopes: null,
      authenticatedBy: 'jwt',
    };
  };
}

async function verify(token: string, key: JWTVerifyGetKey, options: JwtOptions): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: [...options.algorithms],
      clockTolerance: options.clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (error) {
    throw refusalOf(error);
  }
}

function keyOf({ keys, algorithms }: JwtOptions): JWTVerifyGetKey {
  if ('url' in keys) return createRemoteJWKSet(keys.url, { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 });
  if (algorithms.every((algorithm) => algorithm.startsWith('HS'))) {
    const secret = createSecretKey(Buffer.from(keys.key));
    return async () => secret;
  }
  const imported = new Map<string, ReturnType<typeof importSPKI>>();
  return ({ alg = '' }) => {
    const key = imported.get(alg) ?? importSPKI(keys.key, alg);
    imported.set(alg, key);
    return key;
  };
}

/** What jose says of a token is its sender's fault; everything else means that the issuer's keys can't be had. */
function refusalOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return unauthenticated('Expected a token that is valid now, but it has expired', 'token_expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`Expected a token for this API, but its claim "${error.claim}" is missing or doesn't fit`, 'token_invalid');
  }
  if (isKeySetFault(error)) {
    const detail = 'Expected the issuer’s keys to be available, but they are not';
    return new Problem(503, 'key_set_unavailable', detail, { headers: { 'Retry-After': '5' } });
  }
  return unauthenticated('Expected a token that the issuer has signed, but it is not', 'token_invalid');
}

function isKeySetFault(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC';
  return error instanceof TypeError && error.message === 'fetch failed';
}

function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function roleOf(claim: unknown, name: string): Role {
  const given = Array.isArray(claim) ? claim : [claim];
  const highest = roles.findLast((role) => given.some((value) => isRole(value) && value === role));
  if (highest) return highest;
  throw new Problem(403, 'role_missing', `Expected the token's claim "${name}" to hold one of ${roles.join(', ')}, but it does not`);
}
