import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityFromApiKey } from '../src/identity/from-api-key.ts';
import { identityFromHeaders } from '../src/identity/from-headers.ts';
import { identityFromJwt } from '../src/identity/from-jwt.ts';
import { type ApiUnderTest, type ApiUnderTestOptions, startApi } from './api-under-test.ts';
import { exampleRequests, missingThings } from './example-requests.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const modes: [string, ApiUnderTestOptions['authenticate'], string[]][] = [
  ['headers from a gateway with a secret', () => identityFromHeaders('a-secret-of-the-gateway'), []],
  ['API keys', (database) => identityFromApiKey({ database, now: Date.now }), ['Bearer']],
  [
    'tokens',
    () =>
      identityFromJwt({
        keys: { key: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
        issuer: 'https://id.example',
        audience: 'millrace',
        algorithms: ['RS256'],
        clockToleranceSeconds: 0,
        tenantClaim: 'tenant_id',
        roleClaim: 'role',
      }),
    ['Bearer'],
  ],
];

const credentials: [string, Record<string, string>][] = [
  ['nothing', {}],
  ['a tenant alone', { 'X-Tenant-ID': 'acme', 'X-User-ID': 'ann', 'X-User-Role': 'admin' }],
  ['an empty header', { Authorization: '' }],
  ['another scheme', { Authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ['a key that nobody made', { Authorization: `Bearer mlr_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'X-Tenant-ID': 'acme' }],
  [
    'an unsigned token',
    { Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnRfaWQiOiJhY21lIiwicm9sZSI6ImFkbWluIn0.', 'X-Tenant-ID': 'acme' },
  ],
  ['a cookie', { Cookie: 'token=admin; tenant=acme' }],
];

describe.each(modes)('with %s', (_, authenticate, challenges) => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ isKafkaAway: true, ...(authenticate ? { authenticate } : {}) });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  test.each(credentials)('%s opens no route', async (_, headers) => {
    for (const { method, path, body } of exampleRequests(missingThings)) {
      const answer = await api.request(method, path, { tenant: null, headers, body });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      if (challenges.length > 0) expect(answer.headers.get('www-authenticate')).toMatch(challenges[0] as string);
    }
  });

  test('nor do they say which paths there are', async () => {
    expect((await api.request('GET', '/nothing', { tenant: null })).status).toBe(401);
    expect((await api.request('PATCH', '/workflows', { tenant: null })).status).toBe(401);
  });

  test('the documentation is open to all', async () => {
    for (const path of [
      '/openapi.json',
      '/asyncapi.json',
      '/docs',
      '/docs/start.js',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
    ]) {
      expect((await fetch(`${api.url}/api/v1${path}`)).status).toBe(200);
    }
    const topics = (await (await fetch(`${api.url}/api/v1/asyncapi.json`)).json()) as { channels: { executionLog: { address: string } } };
    expect(topics.channels.executionLog.address).toBe(`${api.bus.options.topicPrefix}workflow.execution-log`);
  });
});
