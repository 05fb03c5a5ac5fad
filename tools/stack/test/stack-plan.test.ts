import { expect, test } from 'vitest';
import { openStack, stackEnv } from '../src/index.ts';
import { chooseKind, planStart, recordPlan, type StackKind, type StackPlan } from '../src/stack-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ports = { kafka: 29092, kafkaController: 29093, registry: 28081, database: 23306 };
const elsewhere = {
  KAFKA_BROKERS: 'kafka.example.com:9092',
  SCHEMA_REGISTRY_URL: 'https://registry.example.com',
  DATABASE_URL: 'mysql://user:secret@db.example.com/millrace',
};
const recorded = (kind: StackKind): StackPlan => ({ kind, ports });

test.each<[string, NodeJS.ProcessEnv, StackPlan | null, StackKind]>([
  ['STACK says so', { STACK: 'docker' }, recorded('native'), 'docker'],
  ['STACK says so, though all addresses are given', { STACK: 'native', ...elsewhere }, null, 'native'],
  ['all addresses are given', elsewhere, recorded('native'), 'external'],
  ['it was that before', {}, recorded('docker'), 'docker'],
  ['it was that before, and one address is given', { KAFKA_BROKERS: 'a:1' }, recorded('native'), 'native'],
])('because %s with %j', async (_, env, before, kind) => {
  expect(await chooseKind(env, before)).toBe(kind);
});

test('a kind that does not exist is refused with those that do', async () => {
  await expect(chooseKind({ STACK: 'podman' }, null)).rejects.toThrow('Expected STACK to be native, docker, external, but it is "podman".');
});

test('settings are what services need, one for each server and the API', async () => {
  const stack = await openStack({ dir: temporaryFolder(), ports, env: { STACK: 'native', API_PORT: '9000' } });
  expect(Object.entries(stackEnv(stack))).toEqual([
    ['KAFKA_BROKERS', '127.0.0.1:29092'],
    ['SCHEMA_REGISTRY_URL', 'http://127.0.0.1:28081/apis/ccompat/v7'],
    ['DATABASE_URL', 'mysql://millrace:millrace@127.0.0.1:23306/millrace'],
    ['API_URL', 'http://127.0.0.1:9000'],
  ]);
});

test('one server may run elsewhere, and is left alone', async () => {
  const env = { STACK: 'native', DATABASE_URL: elsewhere.DATABASE_URL };
  const { parts } = await openStack({ dir: temporaryFolder(), ports, env });
  expect([parts.kafka.runsElsewhere, parts.database.runsElsewhere, parts.database.address]).toEqual([false, true, env.DATABASE_URL]);
  await parts.database.stop();
  await expect(parts.database.kill()).rejects.toThrow('runs elsewhere: it cannot be killed from here.');
});

test('addresses that the stack itself has said are not somebody else’s', async () => {
  const dir = temporaryFolder();
  const stack = await openStack({ dir, ports, env: { STACK: 'native' } });
  recordPlan(dir, stack);
  const again = await openStack({ dir, env: stackEnv(stack) });
  expect([again.kind, again.parts.kafka.runsElsewhere]).toEqual(['native', false]);
  expect((await openStack({ dir, env: { ...stackEnv(stack), STACK: 'external' } })).kind).toBe('external');
});

test('a stack that ran keeps its free ports, and takes others only where settings say so', async () => {
  const dir = temporaryFolder();
  const options = { dir, env: { STACK: 'native' }, log: () => {} };
  const first = await planStart({ ...options, ports: 'free' });
  recordPlan(dir, first);
  expect(await planStart({ ...options, ports: 'free' })).toEqual(first);
  expect((await planStart({ ...options, env: { STACK: 'native', KAFKA_PORT: '29092' } })).ports.kafka).toBe(29092);
});

test.each([
  [{}, 'STACK=external needs KAFKA_BROKERS, SCHEMA_REGISTRY_URL, and DATABASE_URL to say where they are.'],
  [{ KAFKA_BROKERS: 'a:1', DATABASE_URL: 'mysql://a/b' }, 'STACK=external needs SCHEMA_REGISTRY_URL to say where they are.'],
])('an external stack with %j misses its addresses by name', async (given, message) => {
  await expect(openStack({ dir: temporaryFolder(), env: { STACK: 'external', ...given } })).rejects.toThrow(message);
});

test.each([
  ['kafka', 'Kafka does not answer at 127.0.0.1:1 (from KAFKA_BROKERS).'],
  ['registry', 'The schema registry does not answer at http://user:…@127.0.0.1:1 (from SCHEMA_REGISTRY_URL).'],
  ['database', 'The database does not answer at mysql://user:…@127.0.0.1:1/millrace (from DATABASE_URL).'],
] as const)('%s that does not answer elsewhere is said with its address, without a password', async (name, message) => {
  const env = {
    KAFKA_BROKERS: '127.0.0.1:1',
    SCHEMA_REGISTRY_URL: 'http://user:secret@127.0.0.1:1',
    DATABASE_URL: 'mysql://user:secret@127.0.0.1:1/millrace',
  };
  const { parts } = await openStack({ dir: temporaryFolder(), env });
  await expect(parts[name].check()).rejects.toThrow(message);
});
