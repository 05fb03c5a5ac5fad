import type { Topic } from '@millrace/messages';
import type { EachBatchPayload } from 'kafkajs';
import { type Assignment, createAssignment, type HeldAssignment } from './assignment.ts';
import type { Bus } from './bus.ts';
import { createOffsetTracker, type OffsetTracker } from './offset-tracker.ts';
import { PartitionFlows } from './partition-flow.ts';
import { FetchedRecord, type InRecord } from './record.ts';
import { openSession } from './session.ts';
import { superviseSessions } from './supervisor.ts';

export interface ConsumerOptions {
  bus: Bus;
  groupId: string;
  topics: readonly Topic<unknown>[];
  /** A new group always starts at the earliest record. */
  fromBeginning?: true;
  /**
   * Takes undecoded records of one partition, in order. Must be quick: nothing else is fetched meanwhile. Where it throws, the partitions
   * are given up and read again from the committed offsets on.
   */
  onRecords: (records: InRecord[], assignment: Assignment) => void | Promise<void>;
  /** Of records that aren't done; once it is used up, partitions that hold much aren't fetched: PartitionFlows. 64 MB unless said. */
  maxQueuedBytes?: number;
  /** At once when the partitions are lost: records of this assignment come again, to whoever holds the partition then. */
  onRevoke?: (assignment: Assignment) => void;
  sessionTimeoutMs?: number;
}

export interface StopOptions {
  /** How long to wait for records that aren't done; 5 s unless said. */
  drainMs?: number;
}

export interface Consumer extends AsyncDisposable {
  /** Stops fetching; the partitions are kept. */
  pause(): void;
  resume(): void;
  /** By `<topic>/<partition>`, the next offset after all that are done. */
  appliedOffsets(): Record<string, string>;
  /** Records up to the ends seen last that aren't done. */
  lag(): number;
  /** Partitions are held, and the group's coordinator has answered lately. */
  isRunning(): boolean;
  /** Stops fetching, waits for records that aren't done, commits and leaves the group. */
  stop(options?: StopOptions): Promise<void>;
}

const commitEveryMs = 500;

interface Held {
  assignment: HeldAssignment;
  tracker: OffsetTracker;
  ends: Map<string, number>;
  flows: PartitionFlows;
}

type CommitOffsets = EachBatchPayload['commitOffsetsIfNecessary'];

/**
 * Consumes in a group. Returns at once; partitions come when the broker gives them. A lost broker or a crash of kafkajs only ends the
 * assignment: the consumer is built anew until it is stopped.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const { bus, groupId, topics, onRecords, maxQueuedBytes = 64 * 1024 * 1024, onRevoke, sessionTimeoutMs = 10_000 } = options;
  const { topicPrefix } = bus.options;
  const logger = bus.options.logger.child({ groupId });
  const topicNames = topics.map(({ name }) => `${topicPrefix}${name}`);

  let held: Held | undefined;
  let generation = 0;
  let commitOffsets: CommitOffsets | undefined;
  let commitTimer: NodeJS.Timeout | undefined;
  let isPausedByCaller = false;
  let isStopping = false;
  let drained: (() => void) | undefined;

  const updateFlow = () => held?.flows.pauseAll(isPausedByCaller || isStopping);

  /** Goes around kafkajs' retries: they would send an old assignment's offsets in the name of the next. */
  const commit = async (from: Held): Promise<void> => {
    const offsets = from.tracker.uncommitted();
    if (offsets.length === 0 || commitOffsets === undefined || from !== held) return;
    const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
    await commitOffsets({
      topics: [...byTopic].map(([topic, partitions]) => ({
        topic: `${topicPrefix}${topic}`,
        partitions: partitions.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      })),
    });
    from.tracker.committed(offsets);
  };

  const commitSoon = () => {
    commitTimer ??= setTimeout(async () => {
      const from = held;
      try {
        if (from !== undefined) await commit(from);
      } catch (error) {
        logger.debug({ err: error }, 'offsets could not be committed');
      }
      commitTimer = undefined;
      if (held !== undefined && held.tracker.uncommitted().length > 0) commitSoon();
    }, commitEveryMs);
  };

  const settle = (record: FetchedRecord) => {
    const from = held;
    if (from === undefined || from.assignment !== record.assignment) return;
    from.tracker.done(record.topic, record.partition, Number(record.offset));
    const flow = from.flows.of(record.topic, record.partition);
    if (flow !== undefined) from.flows.done(flow, record.bytes);
    if (!isStopping) commitSoon();
    if (from.tracker.pending === 0) drained?.();
  };

  const revoke = (reason: 'rebalance' | 'lost') => {
    const from = held;
    if (from === undefined) return;
    if (reason === 'rebalance')
      commit(from).catch((error) => logger.debug({ err: error }, 'offsets could not be committed on a rebalance'));
    from.assignment.revoke();
    held = undefined;
    drained?.();
    onRevoke?.(from.assignment);
  };

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, commitOffsetsIfNecessary } = payload;
    const into = held;
    const last = batch.messages.at(-1);
    const topic = batch.topic.slice(topicPrefix.length);
    const flow = into?.flows.of(topic, batch.partition);
    // What isn't resolved is fetched again.
    if (into === undefined || last === undefined || flow === undefined || flow.isPaused) return;
    commitOffsets = commitOffsetsIfNecessary;
    into.ends.set(`${topic}/${batch.partition}`, Number(batch.highWatermark));
    let bytes = 0;
    const records = batch.messages.map((message) => {
      const record = new FetchedRecord(topic, batch.partition, message, into.assignment, settle);
      into.tracker.add(topic, batch.partition, Number(message.offset));
      bytes += record.bytes;
      return record;
    });
    into.flows.queued(flow, bytes);
    try {
      await onRecords(records, into.assignment);
    } catch (error) {
      logger.error({ err: error, topic, partition: batch.partition }, 'records could not be taken');
      supervisor?.current()?.end('records could not be taken');
      return;
    }
    resolveOffset(last.offset);
  };

  const supervisor = superviseSessions(() => {
    return openSession({
      kafka: bus.options,
      groupId,
      topicNames,
      sessionTimeoutMs,
      logger,
      handlers: {
        onJoin(kafkaConsumer, partitions, joinSentAt) {
          revoke('lost');
          generation += 1;
          const assignment = createAssignment(generation, sessionTimeoutMs, joinSentAt);
          const flows = new PartitionFlows({ fetcher: kafkaConsumer, partitionsByTopic: partitions, topicPrefix, maxQueuedBytes, groupId });
          held = { assignment, tracker: createOffsetTracker(), ends: new Map(), flows };
          logger.info({ generation, partitions: Object.values(partitions).flat().length }, 'partitions assigned');
          updateFlow();
        },
        onLeave: revoke,
        onHeartbeat: () => held?.assignment.heartbeatAnswered(),
        eachBatch,
      },
    });
  }, logger);

  const drain = async (withinMs: number) => {
    if (held === undefined || held.tracker.pending === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    drained = resolve;
    await promise;
    clearTimeout(timer);
  };

  const stop = async ({ drainMs = 5_000 }: StopOptions = {}) => {
    if (!isStopping) {
      isStopping = true;
      updateFlow();
      await drain(drainMs);
      clearTimeout(commitTimer);
      if (held !== undefined) await commit(held).catch((error) => logger.warn({ err: error }, 'offsets could not be committed on stop'));
    }
    await supervisor.stop();
  };

  return {
    pause() {
      isPausedByCaller = true;
      updateFlow();
    },
    resume() {
      isPausedByCaller = false;
      updateFlow();
    },
    appliedOffsets: () =>
      Object.fromEntries((held?.tracker.lowWater() ?? []).map(({ topic, partition, offset }) => [`${topic}/${partition}`, String(offset)])),
    lag: () => {
      let lag = 0;
      for (const { topic, partition, offset } of held?.tracker.lowWater() ?? []) {
        lag += Math.max(0, (held?.ends.get(`${topic}/${partition}`) ?? offset) - offset);
      }
      return lag;
    },
    isRunning: () => held?.assignment.isCurrent() ?? false,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
