import { createPublicKey } from 'node:crypto';
import type { Database } from '@millrace/db';
import { z } from 'zod';
import type { Authenticate } from './authenticate.ts';
import { identityFromApiKey } from './from-api-key.ts';
import { identityFromHeaders } from './from-headers.ts';
import { identityFromJwt } from './from-jwt.ts';

const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const symmetric = ['HS256', 'HS384', 'HS512'];
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

const algorithmsSchema = z
  .string()
  .default('RS256,ES256,EdDSA')
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((names) => names.every((name) => [...asymmetric, ...symmetric].includes(name)), {
    message: `Expected some of ${[...asymmetric, ...symmetric].join(', ')}, separated by commas`,
  })
  .refine((names) => names.every((name) => symmetric.includes(name)) || names.every((name) => asymmetric.includes(name)), {
    message: 'Expected HS… algorithms alone: a public key would pass as their secret',
  });

/** How the API knows who asks. */
export const authSettings = {
  /** `headers`: a trusted gateway sets X-Tenant-ID, X-User-ID and X-User-Role. `jwt`: signed tokens. `api_key`: keys of `/api-keys`. */
  AUTH_MODE: z.enum(['headers', 'jwt', 'api_key']).default('headers'),
  /** Says that nothing but the gateway can reach the API. */
  AUTH_HEADERS_TRUSTED: z.stringbool().default(false),
  /** Where set, requests must carry it as X-Gateway-Secret. */
  AUTH_SHARED_SECRET: z.string().min(16).optional(),
  /** Where the issuer publishes its keys; or AUTH_JWT_KEY. */
  AUTH_JWT_JWKS_URL: z
    .string()
    .refine((text) => URL.canParse(text) && isSafeUrl(new URL(text)), { message: 'Expected an https URL, or http on loopback' })
    .transform((text) => new URL(text))
    .optional(),
  /** A PEM public key (`\n` for its line breaks), for HS… algorithms a secret of 32 characters or more. */
  AUTH_JWT_KEY: z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .optional(),
  AUTH_JWT_ISSUER: z.string().optional(),
  AUTH_JWT_AUDIENCE: z.string().optional(),
  /** The only ones accepted, whatever a token says. */
  AUTH_JWT_ALGORITHMS: algorithmsSchema,
  /** How far the issuer's clock may be off. */
  AUTH_JWT_CLOCK_TOLERANCE_SECONDS: z.coerce.number().int().min(0).max(300).default(30),
  /** Claims, by name or dotted path. */
  AUTH_JWT_TENANT_CLAIM: z.string().default('tenant_id'),
  AUTH_JWT_ROLE_CLAIM: z.string().default('role'),
};

const authSettingsSchema = z.object(authSettings);
export type AuthConfig = z.output<typeof authSettingsSchema>;

/** What no single setting can say by itself. Yields pairs of the setting at fault and a message. */
export function* authFaults(config: AuthConfig, host: string): Generator<[setting: string, message: string]> {
  if (config.AUTH_MODE === 'headers' && !loopback.has(host) && !config.AUTH_HEADERS_TRUSTED && config.AUTH_SHARED_SECRET === undefined) {
    yield [
      'API_HOST',
      'Expected a loopback address, since identity is taken from headers; set AUTH_HEADERS_TRUSTED=true or AUTH_SHARED_SECRET to listen elsewhere',
    ];
  }
  if (config.AUTH_MODE !== 'jwt') return;
  for (const name of ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE'] as const) {
    if (config[name] === undefined) yield [name, 'Expected it to be set with AUTH_MODE=jwt, but it is not'];
  }
  const isSymmetric = symmetric.includes(config.AUTH_JWT_ALGORITHMS[0] ?? '');
  if ((config.AUTH_JWT_JWKS_URL === undefined) === (config.AUTH_JWT_KEY === undefined)) {
    yield ['AUTH_JWT_JWKS_URL', 'Expected either AUTH_JWT_JWKS_URL or AUTH_JWT_KEY with AUTH_MODE=jwt'];
  } else if (config.AUTH_JWT_KEY === undefined) {
    if (isSymmetric) yield ['AUTH_JWT_ALGORITHMS', 'Expected no HS… algorithm with AUTH_JWT_JWKS_URL: what is published is no secret'];
  } else if (isSymmetric ? config.AUTH_JWT_KEY.length < 32 : !isPublicKey(config.AUTH_JWT_KEY)) {
    yield ['AUTH_JWT_KEY', 'Expected a PEM public key, or with HS… algorithms a secret of at least 32 characters'];
  }
}

/** The way of knowing who asks that the settings choose. */
export function createAuthenticate(config: AuthConfig, { database, now }: { database: Database; now: () => number }): Authenticate {
  if (config.AUTH_MODE === 'headers') return identityFromHeaders(config.AUTH_SHARED_SECRET);
  if (config.AUTH_MODE === 'api_key') return identityFromApiKey({ database, now });
  return identityFromJwt({
    keys: config.AUTH_JWT_JWKS_URL ? { url: config.AUTH_JWT_JWKS_URL } : { key: config.AUTH_JWT_KEY ?? '' },
    issuer: config.AUTH_JWT_ISSUER ?? '',
    audience: config.AUTH_JWT_AUDIENCE ?? '',
    algorithms: config.AUTH_JWT_ALGORITHMS,
    clockToleranceSeconds: config.AUTH_JWT_CLOCK_TOLERANCE_SECONDS,
    tenantClaim: config.AUTH_JWT_TENANT_CLAIM,
    roleClaim: config.AUTH_JWT_ROLE_CLAIM,
  });
}

function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname.replace(/^\[|\]$/g, '')));
}

function isPublicKey(pem: string): boolean {
  try {
    return pem.includes('-----BEGIN PUBLIC KEY-----') && createPublicKey(pem).type === 'public';
  } catch {
    return false;
  }
}
