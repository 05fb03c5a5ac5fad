import type { Admin } from 'kafkajs';

/** Each consumer group of the services with the topics that it must have finished; names without prefixes. */
export const hops = [
  { group: 'trigger-matcher', topic: 'crm.events' },
  { group: 'trigger-matcher', topic: 'workflow.events' },
  { group: 'executor', topic: 'workflow.commands' },
  { group: 'audit-logger', topic: 'workflow.execution-log' },
] as const;

/** By partition, the next offset that a group has to deal with. Partitions of which it has committed none are left out. */
export async function findCommitted(admin: Admin, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = (found?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  return new Map(committed.filter(([, offset]) => offset >= 0n));
}

/** The hops that have uncommitted input, first to last, each with its lag; none once everything accepted has been dealt with. */
export async function findUndrained(admin: Admin, prefixes: { topic: string; group: string }): Promise<{ hop: string; lag: bigint }[]> {
  const undrained: { hop: string; lag: bigint }[] = [];
  for (const { group, topic } of hops) {
    const name = `${prefixes.topic}${topic}`;
    const committedBy = await findCommitted(admin, `${prefixes.group}${group}`, name);
    let lag = 0n;
    for (const { partition, high, low } of await admin.fetchTopicOffsets(name)) {
      lag += BigInt(high) - (committedBy.get(partition) ?? BigInt(low));
    }
    if (lag > 0n) undrained.push({ hop: group, lag });
  }
  return undrained;
}
