import { expect, test } from 'vitest';
import { identityFromHeaders } from './from-headers.ts';

const secret = 'a-secret-of-the-gateway';
const ask = (headers: Record<string, string>, sharedSecret?: string) =>
  identityFromHeaders(sharedSecret)((name) => headers[name.toLowerCase()] ?? '');
const tenant = { 'x-tenant-id': 'acme' };

test.each([
  ['a tenant alone', tenant, { tenantId: 'acme', userId: null, role: 'admin' }],
  ['a user', { ...tenant, 'x-user-id': 'ann@acme.example' }, { userId: 'ann@acme.example', role: 'admin' }],
  ['a viewer', { ...tenant, 'x-user-role': 'viewer' }, { role: 'viewer' }],
  ['an editor', { ...tenant, 'x-user-role': 'editor' }, { role: 'editor' }],
  ['an operator', { ...tenant, 'x-user-role': 'operator' }, { role: 'operator' }],
  ['an admin', { ...tenant, 'x-user-role': 'admin' }, { role: 'admin' }],
  ['one character', { 'x-tenant-id': 'a' }, { tenantId: 'a' }],
  ['64 characters', { 'x-tenant-id': 'x'.repeat(64) }, { tenantId: 'x'.repeat(64) }],
  ['every kind of character', { 'x-tenant-id': 'Az09._-' }, { tenantId: 'Az09._-' }],
  ['a number', { 'x-tenant-id': '0' }, { tenantId: '0' }],
])('%s is an identity', async (_, headers, identity) => {
  expect(await ask(headers as Record<string, string>)).toMatchObject({ ...identity, scopes: null, authenticatedBy: 'headers' });
});

test('no tenant is 401', async () => {
  await expect(ask({})).rejects.toMatchObject({ status: 401, code: 'tenant_required' });
  await expect(ask({ 'x-user-id': 'ann', 'x-user-role': 'admin' })).rejects.toMatchObject({ status: 401, code: 'tenant_required' });
});

test.each([
  ' ',
  'a b',
  'a/b',
  "a'",
  'a"',
  'a;b',
  'a,b',
  '*',
  '%',
  '%41',
  'ä',
  'a\u0000',
  'a\tb',
  '<a>',
  '{"$ne":1}',
  '[object Object]',
  'a:b',
  'a@b',
  'a=b',
  'a|b',
  'a\\b',
  'x'.repeat(65),
  'a+b',
  '(a)',
  '~',
  '𝐚',
])('the tenant %j is 400', async (id) => {
  await expect(ask({ 'x-tenant-id': id })).rejects.toMatchObject({ status: 400, code: 'tenant_invalid' });
});

test.each(['Admin', 'root', 'ADMIN', 'admin ', 'viewer,admin', '*', 'null', '0', 'operator;admin', '__proto__', 'constructor'])(
  'the role %j is 400',
  async (role) => {
    await expect(ask({ ...tenant, 'x-user-role': role })).rejects.toMatchObject({ status: 400, code: 'role_invalid' });
  },
);

test.each(['ä', 'a\nb', 'a\tb', 'x'.repeat(129), '\u0000'])('the user %j is 400', async (user) => {
  await expect(ask({ ...tenant, 'x-user-id': user })).rejects.toMatchObject({ status: 400, code: 'user_invalid' });
});

test.each([undefined, 'wrong', `${secret} `, secret.toUpperCase(), secret.slice(1), `${secret}x`, ''])(
  'with a shared secret, the gateway’s %j is 401 before anything else is looked at',
  async (given) => {
    const headers = { 'x-tenant-id': 'a b', ...(given === undefined ? {} : { 'x-gateway-secret': given }) };
    await expect(ask(headers, secret)).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
  },
);

test('with a shared secret, the right one is let in', async () => {
  expect(await ask({ ...tenant, 'x-gateway-secret': secret }, secret)).toMatchObject({ tenantId: 'acme' });
});
