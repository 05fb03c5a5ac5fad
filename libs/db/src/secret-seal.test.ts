import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSecret, parseSecretKeys, type SecretKeys, sealSecret } from './secret-seal.ts';

const keys: SecretKeys = [randomBytes(32)];
const secret = { tenantId: 'acme', name: 'crm_token' };

test.each(['s3cret', '', 'schlüssel 🔑', 'x'.repeat(8192)])('what was sealed opens again', (value) => {
  expect(openSecret(keys, secret, sealSecret(keys, secret, value))).toBe(value);
});

test('a value is not in what is sealed, and never looks the same twice', () => {
  const [one, two] = [sealSecret(keys, secret, 'visible-text'), sealSecret(keys, secret, 'visible-text')];
  expect(one.includes('visible-text')).toBe(false);
  expect(one.equals(two)).toBe(false);
});

test('it opens for its own tenant and name only', () => {
  const sealed = sealSecret(keys, secret, 's3cret');
  for (const other of [
    { ...secret, tenantId: 'other' },
    { ...secret, name: 'other' },
    { tenantId: 'acme","crm', name: 'token' },
  ]) {
    expect(() => openSecret(keys, other, sealed)).toThrow(expect.objectContaining({ code: 'secret_unreadable' }));
  }
});

test('one changed bit anywhere, a cut or an empty value is unreadable', () => {
  const sealed = sealSecret(keys, secret, 'four');
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(() => openSecret(keys, secret, altered)).toThrow(expect.objectContaining({ code: 'secret_unreadable' }));
    expect(() => openSecret(keys, secret, sealed.subarray(0, at))).toThrow(expect.objectContaining({ code: 'secret_unreadable' }));
  }
});

test('a new key in front leaves old values readable, another key alone does not', () => {
  const sealed = sealSecret(keys, secret, 's3cret');
  const newer = randomBytes(32);
  expect(openSecret([newer, ...keys], secret, sealed)).toBe('s3cret');
  expect(() => openSecret([newer], secret, sealed)).toThrow(/SECRETS_KEY/);
});

test.each([
  ['base64', randomBytes(32).toString('base64'), 1],
  ['hexadecimal', randomBytes(32).toString('hex'), 1],
  ['two keys', `${randomBytes(32).toString('hex')}, ${randomBytes(32).toString('base64')}`, 2],
])('settings may give a key as %s', (_, text, count) => {
  expect(parseSecretKeys(text)).toHaveLength(count);
});

test.each([randomBytes(16).toString('hex'), randomBytes(33).toString('base64'), 'password', ',', `${randomBytes(32).toString('hex')},`])(
  'what isn’t 32 bytes is no key',
  (text) => {
    expect(parseSecretKeys(text)).toBeNull();
  },
);
