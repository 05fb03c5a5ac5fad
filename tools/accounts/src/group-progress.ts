import { type createKafka, findCommitted } from '@millrace/demo';

type Admin = ReturnType<ReturnType<typeof createKafka>['admin']>;

/** How far the groups of the services had come when this was read. */
export interface GroupProgress {
  isDone(topic: string, partition: number, offset: number): boolean;
}

/** Each topic that counts with the group that deals with it; names without prefixes. */
export type TopicGroups = ReadonlyMap<string, string>;

/** Throws an Error that names the topics which there are none of. */
export async function readProgress(admin: Admin, groups: TopicGroups, prefixes: { topic: string; group: string }): Promise<GroupProgress> {
  const existing = new Set(await admin.listTopics());
  const missing = [...groups.keys()].map((topic) => `${prefixes.topic}${topic}`).filter((name) => !existing.has(name));
  if (missing.length > 0) throw new Error(`Expected the topics of Millrace, but there is no ${missing.join(', ')}: npm run topics:apply`);
  const committed = new Map<string, bigint>();
  for (const [topic, group] of groups) {
    const offsets = await findCommitted(admin, `${prefixes.group}${group}`, `${prefixes.topic}${topic}`);
    for (const [partition, offset] of offsets) committed.set(`${topic}/${partition}`, offset);
  }
  return { isDone: (topic, partition, offset) => BigInt(offset) < (committed.get(`${topic}/${partition}`) ?? 0n) };
}
