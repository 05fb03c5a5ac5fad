import type { Admin } from 'kafkajs';

/** Each consumer group of the services with the topics that it must have finished; names without prefixes. */
const hops = [
  { group: 'trigger-matcher', topic: 'crm.events' },
  { group: 'executor', topic: 'workflow.commands' },
  { group: 'audit-logger', topic: 'workflow.execution-log' },
] as const;

/** The hops that have uncommitted input, first to last, each with its lag; none once everything accepted has been dealt with. */
export async function findUndrained(admin: Admin, prefixes: { topic: string; group: string }): Promise<{ hop: string; lag: bigint }[]> {
  const undrained: { hop: string; lag: bigint }[] = [];
  for (const { group, topic } of hops) {
    const name = `${prefixes.topic}${topic}`;
    const committed = await admin.fetchOffsets({ groupId: `${prefixes.group}${group}`, topics: [name] });
    const committedBy = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    let lag = 0n;
    for (const { partition, high, low } of await admin.fetchTopicOffsets(name)) {
      const offset = committedBy.get(partition) ?? -1n;
      lag += BigInt(high) - (offset < 0n ? BigInt(low) : offset);
    }
    if (lag > 0n) undrained.push({ hop: group, lag });
  }
  return undrained;
}
