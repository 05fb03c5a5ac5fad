import { createHmac, KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EncryptJWT, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identityFromJwt, type JwtOptions } from './from-jwt.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let ours: Pair;
let others: Pair;
let curve: Pair;
let pem: string;
let server: Server;
let jwksUrl: URL;
let jwksStatus = 200;

const now = Math.floor(Date.now() / 1_000);
const claims: JWTPayload = { iss: 'https://id.example', aud: 'millrace', sub: 'ann', exp: now + 600, tenant_id: 'acme', role: 'editor' };

beforeAll(async () => {
  [ours, others, curve] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
  ]);
  pem = await exportSPKI(ours.publicKey);
  const keys = [
    { ...(await exportJWK(ours.publicKey)), kid: 'one', use: 'sig' },
    { ...(await exportJWK(curve.publicKey)), kid: 'two' },
  ];
  server = createServer((_, response) =>
    response.writeHead(jwksStatus, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys })),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
});
afterAll(() => void server.close());

const options = (overrides: Partial<JwtOptions> = {}): JwtOptions => ({
  keys: { key: pem },
  issuer: 'https://id.example',
  audience: 'millrace',
  algorithms: ['RS256'],
  clockToleranceSeconds: 30,
  tenantClaim: 'tenant_id',
  roleClaim: 'role',
  ...overrides,
});

function sign(overrides: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key: Pair = ours): Promise<string> {
  const payload = Object.fromEntries(Object.entries({ ...claims, ...overrides }).filter(([, value]) => value !== undefined));
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...header }).sign(key.privateKey);
}

function ask(token: string, overrides: Partial<JwtOptions> = {}, headers: Record<string, string> = {}) {
  return identityFromJwt(options(overrides))((name) => ({ authorization: `Bearer ${token}`, ...headers })[name.toLowerCase()] ?? '');
}

const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const withParts = async (change: (parts: string[]) => string[]) => change((await sign()).split('.')).join('.');
/** Signed by a secret where a key is expected. */
const hmac = (secret: string | Buffer, header: object = { alg: 'HS256' }) => {
  const content = `${part(header)}.${part(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

const accepted: [string, () => Promise<string>, Partial<JwtOptions>, object][] = [
  ['a token as it should be', () => sign(), {}, { tenantId: 'acme', userId: 'ann', role: 'editor', authenticatedBy: 'jwt', scopes: null }],
  ['an audience among others', () => sign({ aud: ['x', 'millrace'] }), {}, {}],
  ['one that expired within the tolerance', () => sign({ exp: now - 20 }), {}, {}],
  ['one that begins within the tolerance', () => sign({ nbf: now + 20 }), {}, {}],
  ['a list of roles, of which the highest counts', () => sign({ role: ['viewer', 'operator', 'editor'] }), {}, { role: 'operator' }],
  ['a list with strange entries beside a role', () => sign({ role: ['x', 7, null, 'viewer'] }), {}, { role: 'viewer' }],
  [
    'claims by a path',
    () => sign({ org: { id: 'deep', roles: ['admin'] } }),
    { tenantClaim: 'org.id', roleClaim: 'org.roles' },
    { tenantId: 'deep', role: 'admin' },
  ],
  [
    'a claim whose name has dots',
    () => sign({ 'https://x.example/t': 'dotted' }),
    { tenantClaim: 'https://x.example/t' },
    { tenantId: 'dotted' },
  ],
  ['a type in the header', () => sign({}, { typ: 'at+jwt' }), {}, {}],
  [
    'another pinned algorithm of the set',
    () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'two' }).sign(curve.privateKey),
    { keys: { url: new URL('http://placeholder') }, algorithms: ['RS256', 'ES256'] },
    {},
  ],
  ['a secret where HS256 is pinned', async () => hmac('x'.repeat(32)), { keys: { key: 'x'.repeat(32) }, algorithms: ['HS256'] }, {}],
];

test.each(accepted)('%s is accepted', async (_, token, overrides, identity) => {
  const keys = overrides.keys && 'url' in overrides.keys ? { keys: { url: jwksUrl } } : {};
  expect(await ask(await token(), { ...overrides, ...keys })).toMatchObject(identity);
});

const refused: [string, string, () => string | Promise<string>, Partial<JwtOptions>?][] = [
  ['one that has expired', 'token_expired', () => sign({ exp: now - 31 })],
  ['one that is not valid yet', 'token_invalid', () => sign({ nbf: now + 60 })],
  ['one without an end', 'token_invalid', () => sign({ exp: undefined })],
  ['an end that is a text', 'token_invalid', () => sign({ exp: 'never' })],
  ['another issuer', 'token_invalid', () => sign({ iss: 'https://evil.example' })],
  ['an issuer that begins alike', 'token_invalid', () => sign({ iss: 'https://id.example.evil' })],
  ['no issuer', 'token_invalid', () => sign({ iss: undefined })],
  ['another audience', 'token_invalid', () => sign({ aud: 'other' })],
  ['an empty list of audiences', 'token_invalid', () => sign({ aud: [] })],
  ['no audience', 'token_invalid', () => sign({ aud: undefined })],
  ['no subject', 'token_invalid', () => sign({ sub: undefined })],
  ['a subject that is a number', 'token_invalid', () => sign({ sub: 7 })],
  ['a subject with a line break', 'token_invalid', () => sign({ sub: 'a\nb' })],
  ['too long a subject', 'token_invalid', () => sign({ sub: 'x'.repeat(129) })],
  ['an empty subject', 'token_invalid', () => sign({ sub: '' })],
  ['another key', 'token_invalid', () => sign({}, {}, others)],
  ['no signature', 'token_invalid', () => withParts(([header = '', payload = '']) => [header, payload, ''])],
  [
    'a cut signature',
    'token_invalid',
    () => withParts(([header = '', payload = '', signature = '']) => [header, payload, signature.slice(0, -8)]),
  ],
  [
    'altered claims',
    'token_invalid',
    () => withParts(([header = '', , signature = '']) => [header, part({ ...claims, tenant_id: 'other' }), signature]),
  ],
  [
    'an altered header',
    'token_invalid',
    () => withParts(([, payload = '', signature = '']) => [part({ alg: 'RS256', x: 1 }), payload, signature]),
  ],
  ['alg none', 'token_invalid', () => `${part({ alg: 'none' })}.${part(claims)}.`],
  ['alg None', 'token_invalid', () => `${part({ alg: 'None' })}.${part(claims)}.`],
  [
    'alg none with a signature',
    'token_invalid',
    () => withParts(([, payload = '', signature = '']) => [part({ alg: 'none' }), payload, signature]),
  ],
  ['no alg', 'token_invalid', () => withParts(([, payload = '', signature = '']) => [part({}), payload, signature])],
  [
    'an alg that is a list',
    'token_invalid',
    () => withParts(([, payload = '', signature = '']) => [part({ alg: ['RS256'] }), payload, signature]),
  ],
  ['HS256 with the public key as its secret', 'token_invalid', () => hmac(pem)],
  ['HS256 with the public key’s lines as its secret', 'token_invalid', () => hmac(pem.trim())],
  ['HS256 with an empty secret', 'token_invalid', () => hmac('')],
  [
    'an algorithm that isn’t pinned',
    'token_invalid',
    () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(curve.privateKey),
  ],
  ['our key with another hash than the pinned', 'token_invalid', () => signAs('RS512')],
  ['our key with another padding than the pinned', 'token_invalid', () => signAs('PS256')],
  [
    'a published key of an algorithm that isn’t pinned',
    'token_invalid',
    () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'two' }).sign(curve.privateKey),
    { keys: { url: new URL('http://placeholder') } },
  ],
  [
    'a header that claims another hash',
    'token_invalid',
    () => withParts(([, payload = '', signature = '']) => [part({ alg: 'RS512' }), payload, signature]),
  ],
  ['its own key in the header', 'token_invalid', async () => sign({}, { jwk: await exportJWK(others.publicKey) }, others)],
  ['a place for its key in the header', 'token_invalid', () => sign({}, { jku: 'http://127.0.0.1:1/keys' }, others)],
  ['a certificate in the header', 'token_invalid', () => sign({}, { x5u: 'http://127.0.0.1:1/cert', x5c: ['MIIB'] }, others)],
  [
    'a critical extension that nobody knows',
    'token_invalid',
    () => withParts(([, payload = '', signature = '']) => [part({ alg: 'RS256', crit: ['x'], x: 1 }), payload, signature]),
  ],
  ['a key id that climbs', 'token_invalid', () => sign({}, { kid: '../../etc/passwd' }, others)],
  ['one part', 'token_invalid', () => 'abc'],
  ['two parts', 'token_invalid', () => withParts(([header = '', payload = '']) => [header, payload])],
  ['four parts', 'token_invalid', () => withParts((parts) => [...parts, 'abc'])],
  [
    'an encrypted token',
    'token_invalid',
    () => new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(new Uint8Array(32)),
  ],
  ['a header that isn’t JSON', 'token_invalid', () => withParts(([, payload = '', signature = '']) => ['abc', payload, signature])],
  ['claims that aren’t JSON', 'token_invalid', () => signText('not json')],
  ['claims that are a list', 'token_invalid', () => signText('[1]')],
  ['claims that are null', 'token_invalid', () => signText('null')],
  ['ten thousand characters', 'token_invalid', () => 'a'.repeat(10_000)],
  ['a weak secret where HS256 is pinned', 'token_invalid', () => hmac('wrong'), { keys: { key: 'x'.repeat(32) }, algorithms: ['HS256'] }],
];

/** Well signed by the right key, but not as was agreed. */
function signAs(alg: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(KeyObject.from(ours.privateKey));
}

async function signText(text: string): Promise<string> {
  const { CompactSign } = await import('jose');
  return new CompactSign(Buffer.from(text)).setProtectedHeader({ alg: 'RS256' }).sign(ours.privateKey);
}

test.each(refused)('%s is 401 %s', async (_, code, token, overrides = {}) => {
  const keys = overrides.keys && 'url' in overrides.keys ? { keys: { url: jwksUrl } } : {};
  await expect(ask(await token(), { ...overrides, ...keys })).rejects.toMatchObject({
    status: 401,
    code,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
});

test.each(['', 'Basic YTpi', 'Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Token abc', 'abc.def.ghi', 'Bearer ä'])(
  'the header %j is 401',
  async (authorization) => {
    await expect(ask('', {}, { authorization })).rejects.toMatchObject({
      status: 401,
      code: 'unauthenticated',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  },
);

test.each([
  ['no tenant', { tenant_id: undefined }],
  ['a tenant that is a number', { tenant_id: 7 }],
  ['a list of tenants', { tenant_id: ['acme'] }],
  ['a tenant that is an object', { tenant_id: { id: 'acme' } }],
  ['a tenant that can’t be one', { tenant_id: 'a b' }],
  ['the tenant of the built-in templates', { tenant_id: '*' }],
  ['an empty tenant', { tenant_id: '' }],
])('%s is 403', async (_, overrides) => {
  await expect(ask(await sign(overrides))).rejects.toMatchObject({ status: 403, code: 'tenant_missing' });
});

test.each([undefined, 'root', 'Admin', [], ['x'], { admin: true }, true, 3, ''])('the role %j is 403', async (role) => {
  await expect(ask(await sign({ role }))).rejects.toMatchObject({ status: 403, code: 'role_missing' });
});

test('headers name neither another tenant, nor a user, nor a role', async () => {
  const token = await sign();
  await expect(ask(token, {}, { 'x-tenant-id': 'other' })).rejects.toMatchObject({ status: 403, code: 'tenant_mismatch' });
  const headers = { 'x-tenant-id': 'acme', 'x-user-id': 'eve', 'x-user-role': 'admin' };
  expect(await ask(token, {}, headers)).toMatchObject({ tenantId: 'acme', userId: 'ann', role: 'editor' });
});

test('a claim that every object has is not taken for one of the token', async () => {
  await expect(ask(await sign(), { tenantClaim: 'constructor.name' })).rejects.toMatchObject({ code: 'tenant_missing' });
  await expect(ask(await sign(), { roleClaim: '__proto__' })).rejects.toMatchObject({ code: 'role_missing' });
});

test('a published key is found by its id; an unknown id is 401; keys that can’t be had are 503', async () => {
  const keys = { keys: { url: jwksUrl } };
  expect(await ask(await sign({}, { kid: 'one' }), keys)).toMatchObject({ tenantId: 'acme' });
  await expect(ask(await sign({}, { kid: 'three' }), keys)).rejects.toMatchObject({ status: 401 });
  await expect(ask(await sign({}, { kid: 'one' }, others), keys)).rejects.toMatchObject({ status: 401 });
  const away = { status: 503, code: 'key_set_unavailable', headers: { 'Retry-After': '5' } };
  await expect(ask(await sign(), { keys: { url: new URL('http://127.0.0.1:1/keys') } })).rejects.toMatchObject(away);
  jwksStatus = 500;
  await expect(ask(await sign({}, { kid: 'one' }), keys)).rejects.toMatchObject(away);
  jwksStatus = 200;
});
