import { connectDatabase } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { createInstallation, type Installation } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TenantSettings } from '../src/tenant-settings.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('tenant-settings');
});
afterAll(() => installation[Symbol.asyncDispose]());

const set = (tenantId: string, senders: unknown, limits: unknown) =>
  installation.database.pool.query(
    `INSERT INTO tenant_settings (tenant_id, timezone, senders, redaction, limits, version, created_at, updated_at) VALUES (?, 'UTC', ?, '{}', ?, 1, now(3), now(3))
     ON DUPLICATE KEY UPDATE senders = VALUES(senders), limits = VALUES(limits)`,
    [tenantId, JSON.stringify(senders), JSON.stringify(limits)],
  );

test('a tenant that has set nothing has no senders and the operator’s number of calls', async () => {
  expect(await new TenantSettings(installation.database).get('nobody')).toMatchObject({ senders: [], concurrentActions: null });
});

test('what a tenant has set is its own, and a change is known two seconds later', async () => {
  let nowMs = 0;
  const tenants = new TenantSettings(installation.database, () => nowMs);
  const sender = { address: 'team@acme.example', name: 'Acme' };
  await set('acme', [sender], { concurrent_actions: 7, workflows: 5 });
  expect(await tenants.get('acme')).toMatchObject({ senders: [sender], concurrentActions: 7 });
  expect(await tenants.get('Acme')).toMatchObject({ senders: [], concurrentActions: null });
  await set('acme', [], {});
  nowMs = 1_999;
  expect(await tenants.get('acme')).toMatchObject({ concurrentActions: 7 });
  nowMs = 2_000;
  expect(await tenants.get('acme')).toMatchObject({ senders: [], concurrentActions: null });
});

test('while the database is away what was known stays, and what was not is asked for again', async () => {
  let nowMs = 0;
  const database = await connectDatabase({ url: installation.databaseUrl, poolSize: 1 });
  const tenants = new TenantSettings(database, () => nowMs);
  await set('globex', [], { concurrent_actions: 3 });
  expect(await tenants.get('globex')).toMatchObject({ concurrentActions: 3 });
  await database[Symbol.asyncDispose]();
  nowMs = 60_000;
  expect(await tenants.get('globex')).toMatchObject({ concurrentActions: 3 });
  await expect(tenants.get('unheard-of')).rejects.toBeInstanceOf(RetryableError);
});
