import { expect, test } from 'vitest';
import { check } from '../fault.ts';
import { defaultTenantSettings, tenantSettingsSchema } from './tenant-settings.ts';

test('a tenant that set nothing has the defaults', () => {
  expect(defaultTenantSettings).toMatchObject({
    timezone: 'UTC',
    senders: [],
    redaction: { fields: [], actions: true },
    limits: { workflows: 10_000 },
  });
});

test('a limit that isn’t named keeps its default', () => {
  const { limits } = tenantSettingsSchema.parse({ limits: { emails_per_day: 5 } });
  expect(limits).toEqual({ ...defaultTenantSettings.limits, emails_per_day: 5 });
});

test('senders are addresses in their plain form, once each', () => {
  const senders = [{ address: ' Sales@Müller.example ', name: 'Sales' }, { address: 'support@acme.example' }];
  expect(tenantSettingsSchema.parse({ senders }).senders).toEqual([
    { address: 'Sales@xn--mller-kva.example', name: 'Sales' },
    { address: 'support@acme.example', name: null },
  ]);
});

test.each([
  ['timezone', { timezone: 'Mars/Base' }],
  ['timezone', { timezone: 'UTC+2' }],
  ['senders[0].address', { senders: [{ address: 'a@b.example, c@d.example' }] }],
  ['senders[0].address', { senders: [{ address: 'a@b.example\r\nBcc: x@y.example' }] }],
  ['senders[0].name', { senders: [{ address: 'a@b.example', name: 'A\r\nBcc: x@y.example' }] }],
  ['senders', { senders: [{ address: 'a@b.example' }, { address: 'a@b.example' }] }],
  ['senders[0].color', { senders: [{ address: 'a@b.example', color: 'red' }] }],
  ['redaction.fields[0]', { redaction: { fields: ['a..b'] } }],
  ['redaction.actions', { redaction: { actions: 'yes' } }],
  ['retention.completed_days', { retention: { completed_days: 7 } }],
  ['retention.failed_days', { retention: { failed_days: 8.5 } }],
  ['retention.cancelled_days', { retention: { cancelled_days: 36_501 } }],
  ['retention.running_days', { retention: { running_days: 30 } }],
  ['limits.workflows', { limits: { workflows: 100_001 } }],
  ['limits.workflows', { limits: { workflows: -1 } }],
  ['limits.workflows', { limits: { workflows: 1.5 } }],
  ['limits.workflows', { limits: { workflows: '10' } }],
  ['limits.flying', { limits: { flying: 1 } }],
  ['limits', { limits: null }],
])('a fault in %s is named', (path, settings) => {
  const checked = check(tenantSettingsSchema, settings);
  expect(checked.ok).toBe(false);
  expect(checked.ok || checked.errors.map((fault) => fault.path)).toEqual([path]);
});
