import { connectDatabase, type SecretKeys, sealSecret } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { createInstallation, type Installation } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secrets } from '../src/secrets.ts';

const keys: SecretKeys = [Buffer.alloc(32, 9)];
let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('secret-cache');
});
afterAll(() => installation[Symbol.asyncDispose]());

const keep = (tenantId: string, name: string, value: string, hosts: string[], sealedWith = keys) =>
  installation.database.pool.query(
    'INSERT INTO secrets (tenant_id, name, sealed, hosts) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE sealed = VALUES(sealed), hosts = VALUES(hosts)',
    [tenantId, name, sealSecret(sealedWith, { tenantId, name }, value), JSON.stringify(hosts)],
  );

test('a rotated or deleted secret is known two seconds later', async () => {
  let nowMs = 0;
  const secrets = new Secrets(installation.database, keys, () => nowMs);
  const open = async () => (await secrets.open('acme', ['token'], 'https://a.example/')).get('token');
  await keep('acme', 'token', 'old', ['a.example']);
  expect(await open()).toBe('old');
  await keep('acme', 'token', 'new', ['a.example']);
  nowMs = 1_999;
  expect(await open()).toBe('old');
  nowMs = 2_000;
  expect(await open()).toBe('new');
  await installation.database.pool.query("DELETE FROM secrets WHERE tenant_id = 'acme'");
  nowMs = 4_000;
  await expect(open()).rejects.toMatchObject({ code: 'secret_missing' });
});

test.each<[string, string[], boolean]>([
  ['https://a.example/x', ['a.example'], true],
  ['https://A.EXAMPLE/x', ['a.example'], true],
  ['https://a.example:443/x', ['a.example'], true],
  ['https://a.example:8443/x', ['a.example:8443'], true],
  ['https://a.example:8443/x', ['a.example'], false],
  ['https://a.example/x', ['a.example:8443'], false],
  ['http://a.example/x', ['a.example'], false],
  ['http://a.example:443/x', ['a.example'], false],
  ['http://a.example/x', ['a.example:80'], true],
  ['https://b.a.example/x', ['a.example'], false],
  ['https://a.example.b/x', ['a.example'], false],
  ['https://a.example./x', ['a.example'], false],
  ['https://b.example/a.example', ['a.example'], false],
  ['https://[2001:db8::1]:8443/', ['[2001:db8::1]:8443'], true],
  ['https://[2001:0db8:0::1]:8443/', ['[2001:db8::1]:8443'], true],
  ['https://b.example/', ['a.example', 'b.example'], true],
])('%s is a host of %j: %s', async (url, hosts, isNamed) => {
  await keep('hosts', 'token', 'value', hosts);
  const opening = new Secrets(installation.database, keys).open('hosts', ['token'], url);
  if (isNamed) expect(await opening).toEqual(new Map([['token', 'value']]));
  else await expect(opening).rejects.toMatchObject({ code: 'secret_host_refused' });
});

test('of several keys each opens what it sealed; without one nothing is opened', async () => {
  const [before, after]: SecretKeys[] = [[Buffer.alloc(32, 1)], [Buffer.alloc(32, 2), Buffer.alloc(32, 1)]];
  await keep('rekeyed', 'a', 'old', ['a.example'], before);
  await keep('rekeyed', 'b', 'new', ['a.example'], after);
  const open = (with_: SecretKeys | undefined) =>
    new Secrets(installation.database, with_).open('rekeyed', ['a', 'b'], 'https://a.example/');
  expect([...(await open(after)).values()]).toEqual(['old', 'new']);
  await expect(open(before)).rejects.toMatchObject({ code: 'secret_unreadable' });
  await expect(open(undefined)).rejects.toMatchObject({ code: 'secret_unreadable' });
});

test('while the database is away a secret is asked for again later', async () => {
  const database = await connectDatabase({ url: installation.databaseUrl, poolSize: 1 });
  await database[Symbol.asyncDispose]();
  await expect(new Secrets(database, keys).open('acme', ['token'], 'https://a.example/')).rejects.toBeInstanceOf(RetryableError);
});
