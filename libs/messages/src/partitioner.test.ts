import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PartitionKey, partitionFor, partitionForTenant } from './index.ts';

const anyKey = fc.record<PartitionKey>({
  tenantId: fc.string(),
  entityType: fc.constantFrom('lead', 'task'),
  entityId: fc.string(),
  spread: fc.integer({ min: 1, max: 12 }),
  partitions: fc.integer({ min: 1, max: 24 }),
});

test.each([
  ['acme', 10],
  ['globex', 7],
  ['tenant-123', 4],
  ['Müller & Söhne', 5],
])('the partition of the tenant %s is the one that it always was', (tenantId, partition) => {
  expect(partitionForTenant(tenantId, 12)).toBe(partition);
});

test('an entity’s partition is the one that it always was', () => {
  const key = { tenantId: 'acme', entityType: 'lead', entityId: 'lead-1', partitions: 12 };
  expect([1, 2, 4, 12].map((spread) => partitionFor({ ...key, spread }))).toEqual([10, 10, 0, 4]);
});

test('a tenant lies on at most `spread` neighbours, beginning with its own partition', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const { tenantId, spread, partitions } = key;
      const steps = (partitionFor(key) - partitionForTenant(tenantId, partitions) + partitions) % partitions;
      expect(steps).toBeLessThan(Math.min(spread, partitions));
    }),
  );
});

test('with a spread of 1 all of a tenant lies on one partition', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      expect(partitionFor({ ...key, spread: 1 })).toBe(partitionForTenant(key.tenantId, key.partitions));
    }),
  );
});

test('tenants and entities spread evenly', () => {
  const counts = (partitionOf: (index: number) => number) => {
    const found = new Map<number, number>();
    for (let index = 0; index < 12_000; index++) found.set(partitionOf(index), (found.get(partitionOf(index)) ?? 0) + 1);
    return [...found.values()];
  };
  const tenants = counts((index) => partitionForTenant(`tenant-${index}`, 12));
  expect(tenants).toHaveLength(12);
  for (const count of tenants) expect(count).toSatisfy((each: number) => each > 850 && each < 1_150);
  const leads = counts((index) =>
    partitionFor({ tenantId: 'acme', entityType: 'lead', entityId: `lead-${index}`, spread: 4, partitions: 12 }),
  );
  expect(leads).toHaveLength(4);
  for (const count of leads) expect(count).toSatisfy((each: number) => each > 2_800 && each < 3_200);
});
