import { generateKeyPairSync } from 'node:crypto';
import { parseConfig } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { configSchema } from '../config.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const base = { DATABASE_URL: 'mysql://a:b@127.0.0.1/c' };
const jwt = { ...base, AUTH_MODE: 'jwt', AUTH_JWT_ISSUER: 'https://id.example', AUTH_JWT_AUDIENCE: 'millrace', AUTH_JWT_KEY: pem };

test.each([
  ['headers on loopback', base],
  ['API keys anywhere', { ...base, AUTH_MODE: 'api_key', API_HOST: '0.0.0.0' }],
  ['tokens anywhere', { ...jwt, API_HOST: '0.0.0.0' }],
  ['a key on one line', { ...jwt, AUTH_JWT_KEY: pem.replaceAll('\n', '\\n') }],
  ['a place for keys', { ...jwt, AUTH_JWT_KEY: '', AUTH_JWT_JWKS_URL: 'https://id.example/keys' }],
  ['a place for keys on loopback', { ...jwt, AUTH_JWT_KEY: '', AUTH_JWT_JWKS_URL: 'http://127.0.0.1:1/keys' }],
  ['a secret', { ...jwt, AUTH_JWT_KEY: 'x'.repeat(32), AUTH_JWT_ALGORITHMS: 'HS256, HS512' }],
])('%s will do', (_, env) => {
  expect(parseConfig(configSchema, env)).toMatchObject({ AUTH_JWT_TENANT_CLAIM: 'tenant_id', AUTH_JWT_ROLE_CLAIM: 'role' });
});

test.each([
  ['an unknown mode', { ...base, AUTH_MODE: 'none' }, 'AUTH_MODE'],
  ['no issuer', { ...jwt, AUTH_JWT_ISSUER: '' }, 'AUTH_JWT_ISSUER'],
  ['no audience', { ...jwt, AUTH_JWT_AUDIENCE: '' }, 'AUTH_JWT_AUDIENCE'],
  ['no key', { ...jwt, AUTH_JWT_KEY: '' }, 'AUTH_JWT_JWKS_URL'],
  ['two places for keys', { ...jwt, AUTH_JWT_JWKS_URL: 'https://id.example/keys' }, 'AUTH_JWT_JWKS_URL'],
  ['keys over plain http', { ...jwt, AUTH_JWT_KEY: '', AUTH_JWT_JWKS_URL: 'http://id.example/keys' }, 'AUTH_JWT_JWKS_URL'],
  ['a key that is none', { ...jwt, AUTH_JWT_KEY: 'secret' }, 'AUTH_JWT_KEY'],
  ['a secret too short', { ...jwt, AUTH_JWT_KEY: 'x'.repeat(31), AUTH_JWT_ALGORITHMS: 'HS256' }, 'AUTH_JWT_KEY'],
  [
    'published secrets',
    { ...jwt, AUTH_JWT_KEY: '', AUTH_JWT_JWKS_URL: 'https://id.example/keys', AUTH_JWT_ALGORITHMS: 'HS256' },
    'AUTH_JWT_ALGORITHMS',
  ],
  ['algorithms that confuse keys and secrets', { ...jwt, AUTH_JWT_ALGORITHMS: 'RS256,HS256' }, 'AUTH_JWT_ALGORITHMS'],
  ['no signature', { ...jwt, AUTH_JWT_ALGORITHMS: 'none' }, 'AUTH_JWT_ALGORITHMS'],
  ['a generous clock', { ...jwt, AUTH_JWT_CLOCK_TOLERANCE_SECONDS: '301' }, 'AUTH_JWT_CLOCK_TOLERANCE_SECONDS'],
  ['a guessable secret of the gateway', { ...base, AUTH_SHARED_SECRET: 'short' }, 'AUTH_SHARED_SECRET'],
  ['a key for secrets that is none', { ...base, SECRETS_KEY: 'password' }, 'SECRETS_KEY'],
])('%s is refused', (_, env, setting) => {
  expect(() => parseConfig(configSchema, env)).toThrow(new RegExp(`\\b${setting}:`));
});

test('no fault quotes a key or a secret', () => {
  const env = { ...jwt, AUTH_JWT_KEY: 'canary-of-a-key', SECRETS_KEY: 'canary-of-a-key', AUTH_SHARED_SECRET: 'canary' };
  expect(() => parseConfig(configSchema, env)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('canary') }));
});
