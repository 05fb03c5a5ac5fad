import { topics } from '@millrace/messages';
import { RetryableError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { createCable, createCluster, eventually } from '../test/cluster.ts';
import { readCompacted } from './index.ts';

const topic = topics.workflowDefinitions;
const recordOf = (tenantId: string, workflowId: number, text: string | null) => ({
  topic,
  tenantId,
  key: `${tenantId}/${workflowId}`,
  value: text === null ? null : Buffer.from(text),
});

test('an empty topic is read at once', async () => {
  const { connect } = await createCluster([topic]);
  await using bus = await connect();
  await using reader = await readCompacted({ bus, topic, onRecord: () => {} });
  expect(reader.appliedOffsets()).toEqual({ 0: '0', 1: '0', 2: '0' });
});

test('everything up to the end is applied first, tombstones too, and what follows then', async () => {
  const { connect } = await createCluster([topic]);
  await using bus = await connect();
  const tenants = Array.from({ length: 20 }, (_, index) => `tenant-${index}`);
  await bus.publish(
    tenants.flatMap((tenant) => [
      recordOf(tenant, 1, 'v1'),
      recordOf(tenant, 1, 'v2'),
      recordOf(tenant, 2, 'v1'),
      recordOf(tenant, 2, null),
    ]),
  );
  const byKey = new Map<string, string | null>();
  await using reader = await readCompacted({ bus, topic, onRecord: (key, value) => void byKey.set(key, value?.toString() ?? null) });
  expect(byKey.size).toBe(40);
  expect(byKey.get('tenant-3/1')).toBe('v2');
  expect(byKey.get('tenant-3/2')).toBe(null);
  const total = Object.values(reader.appliedOffsets()).reduce((sum, offset) => sum + Number(offset), 0);
  expect(total).toBe(80);

  await bus.publish([recordOf('tenant-3', 1, 'v3')]);
  await eventually(() => byKey.get('tenant-3/1') === 'v3');
  expect(Object.values(reader.appliedOffsets()).reduce((sum, offset) => sum + Number(offset), 0)).toBe(81);
});

test('a record that can be applied later is, and one that never can is passed over', async () => {
  const { connect } = await createCluster([topic]);
  await using bus = await connect();
  await bus.publish([recordOf('t1', 1, 'a'), recordOf('t1', 2, 'b'), recordOf('t1', 3, 'c')]);
  const applied: string[] = [];
  let failures = 0;
  await using _ = await readCompacted({
    bus,
    topic,
    async onRecord(_key, value) {
      if (String(value) === 'a' && failures++ < 1)
        throw new RetryableError('registry_unavailable', 'Expected an answer, but there was none');
      if (String(value) === 'b') throw new TypeError('a bug');
      applied.push(String(value));
    },
  });
  expect(applied).toEqual(['a', 'c']);
});

test('a lost broker costs no record and repeats none', async () => {
  const { connect } = await createCluster([topic]);
  const cable = createCable();
  await using publisher = await connect();
  await using bus = await connect({ socketFactory: cable.socketFactory });
  await publisher.publish([recordOf('t1', 1, 'a')]);
  const applied: string[] = [];
  await using reader = await readCompacted({ bus, topic, onRecord: (_, value) => void applied.push(String(value)) });
  cable.cut();
  await publisher.publish([recordOf('t1', 1, 'b')]);
  await eventually(() => !reader.isRunning());
  cable.mend();
  await eventually(() => applied.length > 1);
  expect(applied).toEqual(['a', 'b']);
});

test('a reader that is told to stop does not wait for a broker', async () => {
  const { connect } = await createCluster([topic]);
  const cable = createCable();
  cable.cut();
  await using bus = await connect({ socketFactory: cable.socketFactory });
  const stopping = new AbortController();
  const reading = readCompacted({ bus, topic, onRecord: () => {}, signal: stopping.signal });
  stopping.abort(new Error('stopping'));
  await expect(reading).rejects.toThrow();
});
