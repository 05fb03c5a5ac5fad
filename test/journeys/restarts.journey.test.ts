import { setTimeout as delay } from 'node:timers/promises';
import { killPart, removeStack, type Stack, stackEnv, startPart, startStack, stopPart } from '@millrace/stack';
import { eventually, findCompletedActionKeys, type ProblemAnswer, useMillrace } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkload } from './workload.ts';

const leads = 400;

// A stack of its own: what is killed here would disturb the tests beside this one.
let stack: Stack;
beforeAll(async () => {
  const { KAFKA_BROKERS: _, SCHEMA_REGISTRY_URL: __, DATABASE_URL: ___, OWN_STACK_DIR, ...env } = process.env;
  stack = await startStack({ dir: OWN_STACK_DIR ?? `.millrace/own-stack-${process.pid}`, ports: 'free', env });
});
afterAll(() => removeStack(stack));

const millrace = useMillrace('restarts', () => ({ stackEnv: stackEnv(stack) }));

/** No service has ended, and none has taken an outage for bad input. */
async function expectPatience(): Promise<void> {
  const { countDeadLetters, services } = millrace();
  expect(services.names.filter((name) => services.get(name).hasEnded)).toEqual([]);
  expect(await countDeadLetters()).toEqual({});
}

test('kill -9 of Kafka in the middle of the work: nothing is lost, and only what was in flight is repeated', async () => {
  const { api, installation, publishWorkflow } = millrace();
  const asked = await publishWorkflow('kafka', {
    name: 'Asked while Kafka is away',
    triggers: [],
    actions: [{ action_type: 'add_tag', action_config: { tag: 'asked' } }],
  });
  await using workload = await createWorkload(millrace(), 'kafka', leads);
  await workload.runUntilStarted(leads / 2);
  await killPart(stack, 'kafka');
  const durable = await findCompletedActionKeys(installation);
  const instance = await api('kafka').trigger(asked.id, { triggered_by: 'lead_id', triggered_by_value: 'lead-1' });
  await startPart(stack, 'kafka');
  await workload.publishRest();
  await workload.finish();
  expect((await workload.repeatedKeys()).filter((key) => durable.has(key))).toEqual([]);
  await eventually(async () => expect(await api('kafka').instance(asked.id, instance.id)).toMatchObject({ status: 'completed' }));
  await expectPatience();
});

test('kill -9 of the database in the middle of the work: nothing is lost or repeated', async () => {
  await using workload = await createWorkload(millrace(), 'database', leads);
  await workload.runUntilStarted(leads / 2);
  await killPart(stack, 'database');
  await workload.publishRest();
  await startPart(stack, 'database');
  await workload.finish();
  expect(await workload.repeatedKeys()).toEqual([]);
  await expectPatience();
});

test('a database that is away for 20 s: requests are told so, what has begun waits, and nothing is lost or repeated', async () => {
  const { api } = millrace();
  await using workload = await createWorkload(millrace(), 'away', leads);
  await workload.runUntilStarted(leads / 2);
  await stopPart(stack, 'database');
  const backAt = performance.now() + 20_000;
  await workload.publishRest();
  const answer = await api('away').request<ProblemAnswer>('GET', '/workflows');
  expect(answer).toMatchObject({ status: 503, body: { status: 503, code: 'database_unavailable' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  await delay(backAt - performance.now());
  await startPart(stack, 'database');
  await workload.finish();
  expect(await workload.repeatedKeys()).toEqual([]);
  await expectPatience();
});
