import { aLeadCreated, eventually, findCompletedActionKeys, findLogFaults, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';
import { createWorkload } from './workload.ts';

const leads = 400;
/** Calls that the SMS provider has not answered yet, while it holds them. */
const held: { key: string; accept: () => void }[] = [];
let isHolding = false;
/** What the provider was asked under each key. */
const formsByKey = new Map<string, Set<string>>();
const millrace = useMillrace('kill-nine', {
  onSmsRequest({ idempotencyId: key, form }) {
    formsByKey.set(key, (formsByKey.get(key) ?? new Set()).add(form));
    return isHolding ? new Promise((resolve) => held.push({ key, accept: () => resolve(null) })) : null;
  },
});

test.each(['trigger-matcher', 'scheduler', 'audit-logger'] as const)(
  'kill -9 of the %s in the middle of the work loses nothing, repeats nothing and leaves a whole log',
  async (service) => {
    const { services } = millrace();
    await using workload = await createWorkload(millrace(), service, leads);
    await workload.runUntilStarted(leads / 2);
    await workload.publishRest();
    expect(await services.end(service, 'SIGKILL')).toBe('SIGKILL');
    await services.restart(service);
    await workload.finish();
    expect(await workload.repeatedKeys()).toEqual([]);
  },
);

test('kill -9 of the executor repeats what was in flight, with the same key and bytes, and nothing else', async () => {
  const { installation, services } = millrace();
  await using workload = await createWorkload(millrace(), 'executor', leads);
  await workload.runUntilStarted(leads / 2);
  isHolding = true;
  const running = workload.publishRest();
  await eventually(() => expect(held.length).toBeGreaterThanOrEqual(10));
  expect(await services.end('executor', 'SIGKILL')).toBe('SIGKILL');
  isHolding = false;
  await running;
  const durable = await findCompletedActionKeys(installation);
  for (const { accept } of held) accept();
  await services.restart('executor');
  await workload.finish();
  const repeated = await workload.repeatedKeys();
  expect(repeated).toEqual(expect.arrayContaining(held.map(({ key }) => key)));
  expect(repeated.filter((key) => durable.has(key))).toEqual([]);
  expect([...formsByKey].filter(([, forms]) => forms.size > 1)).toEqual([]);
});

test('kill -9 of the API loses nothing that it has accepted, and a request that is repeated starts nothing twice', async () => {
  const { api, crm, definitionsApplied, drained, installation, publishWorkflow, services } = millrace();
  const acme = api('acme');
  const body = (name: string) => ({
    name,
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'asked' } }],
  });
  const workflow = await publishWorkflow('acme', body('Asked'));
  const requests = Array.from({ length: 200 }, (_, number) => `request-${number}`);
  const accepted: string[] = [];
  const open = requests.values();
  const askInTurn = async () => {
    for (const key of open) {
      const trigger = { triggered_by: 'lead_id', triggered_by_value: key };
      const { id } = await eventually(() => acme.trigger(workflow.id, trigger, { 'idempotency-key': key }));
      accepted.push(id);
    }
  };
  const asking = Array.from({ length: 20 }, askInTurn);
  await eventually(() => expect(accepted.length).toBeGreaterThan(50), { everyMs: 5 });
  const late = await acme.createWorkflow(body('Created at the last moment'));
  expect(await services.end('definitions-api', 'SIGKILL')).toBe('SIGKILL');
  await services.restart('definitions-api');
  await Promise.all(asking);
  await definitionsApplied();
  await crm.publish([aLeadCreated({ tenant_id: 'acme' })]);
  await eventually(async () => {
    const instances = await acme.instances(workflow.id);
    expect(instances.filter(({ status, triggered_by }) => status === 'completed' && triggered_by === 'lead_id')).toHaveLength(200);
  });
  await drained();
  const instances = await acme.instances(workflow.id);
  expect(instances.map(({ triggered_by_value }) => triggered_by_value)).toEqual(expect.arrayContaining(requests));
  expect(instances).toHaveLength(requests.length + 1);
  expect(new Set(accepted).size).toBe(requests.length);
  expect(await acme.instances(late.id)).toMatchObject([{ status: 'completed', triggered_by: 'event' }]);
  expect(await findLogFaults(installation)).toEqual([]);
});
