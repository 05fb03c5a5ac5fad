import { type Bus, type InRecord, startConsumer } from '@millrace/bus';
import type { Database } from '@millrace/db';
import { deadLetterTopic, topics } from '@millrace/messages';
import { gauge, type Logger, startBatches } from '@millrace/runtime';
import { writeDeadLetters } from './write-dead-letters.ts';

export interface DeadLetterFollower extends AsyncDisposable {
  isRunning(): boolean;
  /** Letters not yet in the table. */
  lag(): number;
  /** True while the database doesn't take them. */
  readonly failing: boolean;
}

export interface FollowOptions {
  bus: Bus;
  db: Database;
  groupId: string;
  logger: Logger;
}

const maxQueuedBytes = 16 * 1024 * 1024;

/** Fills the table of dead letters from every dead-letter topic, in a group of its own. While the database is away it keeps its place. */
export async function followDeadLetters({ bus, db, groupId, logger }: FollowOptions): Promise<DeadLetterFollower> {
  const { topicPrefix } = bus.options;
  const batches = startBatches<InRecord>({
    name: 'dead letters',
    maxItems: 500,
    runBatch: (records) => writeDeadLetters(records, { db, topicPrefix, logger }),
    logger,
  });
  const consumer = await startConsumer({
    bus,
    groupId,
    topics: Object.values(topics).map((topic) => deadLetterTopic<unknown>(topic)),
    onRecords: (records) => batches.push(records),
    maxQueuedBytes,
  });
  gauge('millrace_audit_dead_letters_lag', 'dead letters not yet in their table', () => consumer.lag());
  return {
    isRunning: () => consumer.isRunning(),
    lag: () => consumer.lag(),
    get failing() {
      return batches.failing;
    },
    async [Symbol.asyncDispose]() {
      await consumer[Symbol.asyncDispose]();
      await batches[Symbol.asyncDispose]();
    },
  };
}
