import { type Bus, readDeadLetterLabels } from '@millrace/bus';
import { deadLetterTopic, topics } from '@millrace/messages';
import type { GroupProgress } from './group-progress.ts';
import { readTopic } from './read-topic.ts';

/** What the dead-letter topics hold, by the place where the record lay first. */
export interface Letters {
  records: number;
  byOrigin: Map<string, { isDone: boolean }>;
}

export const deadLetterTopics = Object.values(topics).map((topic) => deadLetterTopic<unknown>(topic));

export async function readLetters(bus: Bus, progress: GroupProgress): Promise<Letters> {
  const letters: Letters = { records: 0, byOrigin: new Map() };
  const readAll = deadLetterTopics.map((topic) =>
    readTopic(bus, topic, ({ place, partition, offset, headers }) => {
      const labels = readDeadLetterLabels({ headers }, bus.options.topicPrefix);
      const origin = labels === null ? place : `${labels.originTopic}/${labels.originPartition}/${labels.originOffset}`;
      const isDone = progress.isDone(topic.name, partition, offset) || (letters.byOrigin.get(origin)?.isDone ?? false);
      letters.records += 1;
      letters.byOrigin.set(origin, { isDone });
    }),
  );
  await Promise.all(readAll);
  return letters;
}
