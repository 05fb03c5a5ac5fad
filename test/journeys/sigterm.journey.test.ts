import { eventually, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createWorkload } from './workload.ts';

const leads = 400;
const concurrency = 20;
/** Calls that the SMS provider has not answered yet, while it holds them. */
const held: (() => void)[] = [];
let isHolding = false;
const millrace = useMillrace('sigterm', {
  env: { TENANT_CONCURRENCY: String(concurrency) },
  onSmsRequest: () => (isHolding ? new Promise((resolve) => held.push(() => resolve(null))) : null),
});

test.each(['definitions-api', 'trigger-matcher', 'scheduler', 'audit-logger'] as const)(
  'SIGTERM of the %s under load ends it with 0, and nothing is lost or repeated',
  async (service) => {
    const { services } = millrace();
    await using workload = await createWorkload(millrace(), service, leads);
    await workload.runUntilStarted(leads / 2);
    const running = workload.publishRest();
    expect(await services.end(service, 'SIGTERM')).toBe(0);
    await services.restart(service);
    await running;
    await workload.finish();
    expect(await workload.repeatedKeys()).toEqual([]);
  },
);

test('SIGTERM of the executor under load lets the calls in flight end, starts no more, and nothing is lost or repeated', async () => {
  const { services } = millrace();
  await using workload = await createWorkload(millrace(), 'executor', leads);
  await workload.runUntilStarted(leads / 2);
  isHolding = true;
  const running = workload.publishRest();
  await eventually(() => expect(held.length).toBe(concurrency));
  const ended = services.end('executor', 'SIGTERM');
  await eventually(() => expect(services.output('executor')).toContain('executor is stopping'));
  for (const accept of held.splice(0)) accept();
  expect(await ended).toBe(0);
  expect(held).toEqual([]);
  isHolding = false;
  await running;
  await services.restart('executor');
  await workload.finish();
  expect(await workload.repeatedKeys()).toEqual([]);
});

test('SIGTERM of the executor in the middle of chains of CRM commands repeats none of them', async () => {
  const { services } = millrace();
  const chain = Array.from({ length: 30 }, (_, number) => ({ action_type: 'add_tag', action_config: { tag: `tag-${number}` } }));
  await using workload = await createWorkload(millrace(), 'chains', 200, chain);
  await workload.publishRest();
  await workload.untilExecuted(1);
  expect(await services.end('executor', 'SIGTERM')).toBe(0);
  await services.restart('executor');
  await workload.finish();
  expect(await workload.repeatedKeys()).toEqual([]);
});
