import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstallation, eventually, type Installation } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aLife, aLog, anEntry, type ExampleConsumer, publish, startExample } from './example-consumer.ts';

const directory = mkdtempSync(join(tmpdir(), 'millrace-example-'));
let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('example');
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

let instances = 0;
const anId = () => (++instances).toString(16).padStart(32, '0');
const fileOf = (name: string) => join(directory, name);
const endsOf = (consumer: ExampleConsumer, ids: readonly string[]) =>
  consumer.lines().flatMap(({ ended }) => (ended && ids.includes(ended.instance_id as string) ? [ended] : []));

test('it needs nothing of ours', () => {
  const text = readFileSync(new URL('../consumer.mjs', import.meta.url), 'utf8');
  const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imports).toEqual(['node:sqlite', '@kafkajs/confluent-schema-registry', 'kafkajs']);
});

test('what became of each instance is counted once, whatever comes again and wherever it is killed', async () => {
  const ids = Array.from({ length: 50 }, anId);
  const parts = ids.flatMap((id) => [aLog(id, aLife.slice(0, 2)), aLog(id, aLife)]);
  await publish(installation, ...parts);
  const file = fileOf('kept.db');
  const first = startExample(installation, file);
  await eventually(() => expect(endsOf(first, ids).length).toBeGreaterThanOrEqual(1));
  expect(await first.kill('SIGKILL')).toBe('SIGKILL');

  await publish(installation, ...parts);
  const last = anId();
  await using second = startExample(installation, file);
  await publish(installation, aLog(last, aLife));
  await eventually(() => expect(endsOf(second, [last])).toHaveLength(1));
  await eventually(() =>
    expect(new Set([...endsOf(first, ids), ...endsOf(second, ids)].map(({ instance_id: id }) => id)).size).toBe(ids.length),
  );
  for (const end of [...endsOf(first, ids), ...endsOf(second, ids)]) {
    expect(end).toMatchObject({
      status: 'completed',
      completed: 1,
      skipped: 1,
      failed: 0,
      last_seq: 4,
      workflow_id: 7,
      entity: 'lead/lead-1',
    });
  }
  expect(endsOf(second, ids).length).toBeLessThanOrEqual(ids.length);
});

test('an instance that is retried by hand ends twice, and a type that nobody knows yet changes nothing', async () => {
  await using consumer = startExample(installation, fileOf('retried.db'));
  const id = anId();
  const failed = [anEntry(1, 'instance_started', { status: 'running' }), anEntry(2, 'action_failed', { status: 'failed' })];
  await publish(
    installation,
    aLog(id, [...failed, anEntry(3, 'instance_failed', { status: 'failed' })]),
    aLog(id, [anEntry(4, 'retry_requested', { status: 'running' }), anEntry(5, 'instance_paused', { status: 'paused' })]),
    aLog(id, [anEntry(6, 'action_completed', { status: 'completed' }), anEntry(7, 'instance_completed', { status: 'completed' })]),
  );
  await eventually(() =>
    expect(endsOf(consumer, [id])).toMatchObject([
      { status: 'failed', failed: 1, completed: 0, last_seq: 3 },
      { status: 'completed', failed: 1, completed: 1, last_seq: 7 },
    ]),
  );
});

test('where the topic no longer has the beginning of an instance, it says so and goes on', async () => {
  await using consumer = startExample(installation, fileOf('gap.db'));
  const id = anId();
  await publish(installation, aLog(id, aLife.slice(2)));
  await eventually(() => expect(endsOf(consumer, [id])).toMatchObject([{ status: 'completed', completed: 0, skipped: 1 }]));
  expect(consumer.lines().filter(({ gap }) => gap?.instance_id === id)).toEqual([{ gap: { instance_id: id, after: 0, next: 3 } }]);
});

test('a stop is clean', async () => {
  const consumer = startExample(installation, fileOf('stop.db'));
  await eventually(() => expect(consumer.lines()).toContainEqual({ following: expect.any(String) }));
  expect(await consumer.kill('SIGTERM')).toBe(0);
});
