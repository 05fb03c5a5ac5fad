import { existsSync } from 'node:fs';
import { applyTopics, type Bus, connectBus, startConsumer } from '@millrace/bus';
import { createCodec, topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { expect, onTestFinished, test } from 'vitest';
import {
  killPart,
  openStack,
  removeStack,
  type Stack,
  type StackOptions,
  stackEnv,
  stackStatus,
  startStack,
  stopStack,
} from '../src/index.ts';
import { partNames } from '../src/part.ts';
import { temporaryFolder } from './temporary-folder.ts';

const timeoutMs = 240_000;
const topic = topics.crmEvents;
const logger = createLogger('stack-test', 'silent');
const schema = JSON.stringify({ type: 'record', name: 'Kept', fields: [{ name: 'id', type: 'long' }] });
const stopped = { kafka: 'stopped', registry: 'stopped', database: 'stopped' };

/** A stack beside the one that the tests run on. */
function optionsOfAnother(): StackOptions {
  const { KAFKA_BROKERS: _, SCHEMA_REGISTRY_URL: __, DATABASE_URL: ___, ...env } = process.env;
  const options: StackOptions = { dir: temporaryFolder(), ports: 'free', env };
  onTestFinished(async () => removeStack(await openStack(options)), timeoutMs);
  return options;
}

const clusterOf = ({ parts }: Stack) => ({ brokers: [parts.kafka.address], topicPrefix: '', spread: 1, logger });

const connect = (stack: Stack): Promise<Bus> =>
  connectBus({ ...clusterOf(stack), clientId: 'stack-test', codec: createCodec({ url: stack.parts.registry.address }) });

async function write(stack: Stack): Promise<void> {
  await applyTopics({ ...clusterOf(stack), topics: [topic] });
  await using bus = await connect(stack);
  await bus.publish([{ topic, tenantId: 'acme', value: Buffer.from('kept') }]);
  await fetch(`${stack.parts.registry.address}/subjects/kept/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  });
  const connection = await createConnection(stack.parts.database.address);
  await connection.query('create table kept (id int primary key)');
  await connection.query('insert into kept values (1)');
  await connection.end();
}

async function read(stack: Stack) {
  await using bus = await connect(stack);
  const { promise: record, resolve } = Promise.withResolvers<string>();
  const groupId = `stack-test-${process.hrtime.bigint()}`;
  await using _ = await startConsumer({ bus, groupId, topics: [topic], onRecords: ([first]) => resolve(String(first?.value)) });
  const subjects = await fetch(`${stack.parts.registry.address}/subjects`).then((response) => response.json());
  const connection = await createConnection(stack.parts.database.address);
  const [rows] = await connection.query<RowDataPacket[]>('select id from kept');
  await connection.end();
  return { record: await record, subjects, rows };
}

test(
  'a stack runs beside another, and its data survive a stop and a kill −9 of all of it',
  async () => {
    const options = optionsOfAnother();
    const stack = await startStack(options);
    expect(stackEnv(stack).KAFKA_BROKERS).not.toBe(process.env.KAFKA_BROKERS ?? '127.0.0.1:19092');
    await write(stack);
    const kept = { record: 'kept', subjects: ['kept'], rows: [{ id: 1 }] };
    expect(await read(stack)).toEqual(kept);

    await stopStack(stack);
    expect(await stackStatus(stack)).toEqual(stopped);
    const again = await startStack(options);
    expect(again.ports).toEqual(stack.ports);
    expect(await read(again)).toEqual(kept);

    await Promise.all(partNames.map((name) => killPart(again, name)));
    expect(await stackStatus(again)).toEqual(stopped);
    expect(await read(await startStack(options))).toEqual(kept);

    await removeStack(again);
    expect([await stackStatus(again), existsSync(again.dir)]).toEqual([stopped, false]);
  },
  timeoutMs,
);
