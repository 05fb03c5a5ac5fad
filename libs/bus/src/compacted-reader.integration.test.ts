import { isDeepStrictEqual } from 'node:util';
import { topics } from '@millrace/messages';
import { RetryableError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { createCable, createCluster, eventually, positionsOf, textsOf } from '../test/cluster.ts';
import { type CompactedRecordRef, readCompacted } from './index.ts';

const topic = topics.workflowDefinitions;
const recordOf = (tenantId: string, workflowId: number, text: string | null) => ({
  topic,
  tenantId,
  key: `${tenantId}/${workflowId}`,
  value: text === null ? null : Buffer.from(text),
});

function collectApplied() {
  const records: (CompactedRecordRef & { value: Buffer | null })[] = [];
  return {
    take: (value: Buffer | null, ref: CompactedRecordRef) => void records.push({ ...ref, value }),
    texts: () => textsOf(records),
    positions: () => positionsOf(records),
  };
}

test('an empty topic is read at once', async () => {
  const { connect } = await createCluster([topic]);
  await using bus = await connect();
  await using reader = await readCompacted({ bus, topic, onRecord: () => {} });
  expect(reader.appliedOffsets()).toEqual({ 0: '0', 1: '0', 2: '0' });
});

test('everything up to the end is applied first, tombstones too, and what follows then', async () => {
  const { connect, ends } = await createCluster([topic]);
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
  expect(reader.appliedOffsets()).toEqual(await ends(topic));

  await bus.publish([recordOf('tenant-3', 1, 'v3')]);
  await eventually(() => byKey.get('tenant-3/1') === 'v3');
  await eventually(async () => isDeepStrictEqual(reader.appliedOffsets(), await ends(topic)));
});

test('a record that can be applied later is, and one that never can is passed over', async () => {
  const { connect } = await createCluster([topic]);
  await using bus = await connect();
  await bus.publish([recordOf('t1', 1, 'a'), recordOf('t1', 2, 'b'), recordOf('t1', 3, 'c')]);
  const applied = collectApplied();
  let failures = 0;
  await using _ = await readCompacted({
    bus,
    topic,
    async onRecord(_key, value, ref) {
      if (String(value) === 'a' && failures++ < 1)
        throw new RetryableError('registry_unavailable', 'Expected an answer, but there was none');
      if (String(value) === 'b') throw new TypeError('a bug');
      applied.take(value, ref);
    },
  });
  expect(failures).toBeGreaterThan(1);
  expect(applied.texts()).toEqual(['a', 'c']);
});

test('a lost broker costs no record and repeats none', async () => {
  const { connect } = await createCluster([topic]);
  const cable = createCable();
  await using publisher = await connect();
  await using bus = await connect({ socketFactory: cable.socketFactory });
  await publisher.publish([recordOf('t1', 1, 'a')]);
  const applied = collectApplied();
  await using reader = await readCompacted({ bus, topic, onRecord: (_, value, ref) => applied.take(value, ref) });
  cable.cut();
  await publisher.publish([recordOf('t1', 1, 'b')]);
  await eventually(() => !reader.isRunning());
  cable.mend();
  await eventually(() => applied.texts().length > 1);
  expect(applied.texts()).toEqual(['a', 'b']);
  expect(new Set(applied.positions()).size).toBe(applied.positions().length);
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
