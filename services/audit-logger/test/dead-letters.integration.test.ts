import { randomUUID } from 'node:crypto';
import { countDeadLetters, type DeadLetterSummary, findDeadLetter, findDeadLetters } from '@millrace/db';
import { deadLetterTopic, topics } from '@millrace/messages';
import {
  createInstallation,
  eventually,
  freePort,
  type Installation,
  type ServiceProcess,
  startService,
  startTcpProxy,
  type TcpProxy,
} from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let installation: Installation;
let cable: TcpProxy;
let service: ServiceProcess;

const start = async (env: Record<string, string> = {}) =>
  startService('audit-logger', { ...installation.env, DATABASE_URL: cable.url, ...env }, await freePort());

beforeAll(async () => {
  installation = await createInstallation('dead-letters');
  cable = await startTcpProxy(installation.databaseUrl);
  service = await start();
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await cable[Symbol.asyncDispose]();
  await installation[Symbol.asyncDispose]();
});

/** Gives up records as services do, each from an offset of its own. */
async function giveUp(
  tenantId: string,
  offsets: readonly number[],
  { topic = topics.crmEvents, value }: { topic?: (typeof topics)[keyof typeof topics]; value?: Buffer } = {},
) {
  const assignment = { generation: 1, isCurrent: () => true, isRevoked: () => false };
  for (const offset of offsets) {
    await installation.bus.deadLetter(
      {
        topic: topic.name,
        partition: 2,
        offset: String(offset),
        timestampMs: Date.now(),
        key: Buffer.from(tenantId),
        value: value ?? Buffer.from(`record ${offset}`),
        headers: { mark: Buffer.from([offset]) },
        bytes: 100,
        assignment,
        done: () => {},
      },
      'undecodable',
      'Expected magic byte 0, but it is 114',
    );
  }
}

const lettersOf = (tenantId: string): Promise<DeadLetterSummary[]> =>
  findDeadLetters(
    installation.database.pool,
    { tenantId },
    { order: 'origin', after: null, lastId: Number.MAX_SAFE_INTEGER, limit: 1_000 },
  );

const expectOffsets = (tenantId: string, offsets: readonly number[]) =>
  eventually(async () => expect((await lettersOf(tenantId)).map(({ originOffset }) => originOffset)).toEqual(offsets));

test('a record that a service gives up is a row, with its bytes and headers, from whichever topic it comes', async () => {
  const all = Object.values(topics);
  for (const topic of all) await giveUp('acme', [7], { topic });
  const letters = await eventually(async () => {
    const found = await lettersOf('acme');
    expect(found).toHaveLength(all.length);
    return found;
  });
  expect(letters.map(({ originTopic }) => originTopic)).toEqual(all.map(({ name }) => name).sort());
  expect(await findDeadLetter(installation.database.pool, letters[0]?.id ?? 0)).toMatchObject({
    originTopic: 'crm.commands',
    originPartition: 2,
    originOffset: 7,
    reason: 'undecodable',
    message: 'Expected magic byte 0, but it is 114',
    service: 'test-dead-letters',
    key: Buffer.from('acme'),
    value: Buffer.from('record 7'),
    headers: [['mark', Buffer.from([7]).toString('base64')]],
    state: 'waiting',
  });
});

test('a record that is given up twice, and read again by another group, has one row', async () => {
  await giveUp('twice', [10, 10, 11]);
  await expectOffsets('twice', [10, 11]);
  const before = await countDeadLetters(installation.database.pool, {});
  await using second = await start({ GROUP_PREFIX: `${installation.prefix}${randomUUID()}-` });
  await eventually(async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${second.healthPort}/metrics`)).text();
    expect(Number(/^millrace_audit_dead_letters_repeated_total\S* (\d+)/m.exec(metrics)?.[1])).toBe(before.total + 1);
  });
  expect(await countDeadLetters(installation.database.pool, {})).toEqual(before);
});

test('a record without labels, without a key and without a value is a row as well', async () => {
  await installation.bus.publish([
    { topic: deadLetterTopic<unknown>(topics.workflowEvents), tenantId: 'stray', partition: 4, key: null, value: null },
  ]);
  const [stray] = await eventually(async () => {
    const found = (await lettersOf('')).filter(({ reason }) => reason === 'unlabelled');
    expect(found).toHaveLength(1);
    return found;
  });
  expect(stray).toMatchObject({ originTopic: 'workflow.events.dead-letter', originPartition: 4, originOffset: 0, valueBytes: null });
});

test('while the database is away letters wait, none is lost, and none becomes a letter again', async () => {
  await giveUp('outage', [20]);
  await expectOffsets('outage', [20]);
  cable.cut();
  await giveUp('outage', [21, 22]);
  await eventually(() => expect(service.output()).toContain('a batch failed and is tried again'));
  cable.mend();
  await expectOffsets('outage', [20, 21, 22]);
  await eventually(service.ready);
});

test('a service that is killed while the database is away has committed nothing that is not in the table', async () => {
  await giveUp('killed', [50]);
  await expectOffsets('killed', [50]);
  cable.cut();
  const failures = () => service.output().split('a batch failed and is tried again').length;
  const before = failures();
  await giveUp('killed', [51]);
  await eventually(() => expect(failures()).toBeGreaterThan(before + 3));
  service.kill('SIGKILL');
  await service.exited;
  cable.mend();
  service = await start();
  await expectOffsets('killed', [50, 51]);
});

test('a letter that the table refuses stays in its topic, and the others are written', async () => {
  await installation.database.pool.query('alter table dead_letters add constraint refuses_41 check (origin_offset <> 41)');
  await giveUp('refused', [40, 41, 42]);
  await expectOffsets('refused', [40, 42]);
  await eventually(() => expect(service.output()).toContain('a dead letter was refused by its table'));
  await giveUp('refused', [43]);
  await expectOffsets('refused', [40, 42, 43]);
});

test('a letter that no statement can hold stays in its topic, and the others are written', async () => {
  await giveUp('large', [60]);
  await giveUp('large', [61], { value: Buffer.alloc(20 * 1024 * 1024) });
  await giveUp('large', [62], { value: Buffer.alloc(6 * 1024 * 1024) });
  await expectOffsets('large', [60, 62]);
});

test('letters that came while the service was down are there once it is up', async () => {
  await service[Symbol.asyncDispose]();
  expect(await service.exited).toBe(0);
  await giveUp('down', [30, 31]);
  service = await start();
  await expectOffsets('down', [30, 31]);
});
