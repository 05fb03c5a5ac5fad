import type { Logger } from '@millrace/runtime';
import type { ConsumerConfig, EachBatchPayload, Consumer as KafkaConsumer } from 'kafkajs';
import { findUnreadableBatch } from './compression/unreadable-batch-error.ts';
import { createKafka, type KafkaSettings, retry } from './kafka-connection.ts';

export interface SessionHandlers {
  /** The consumer holds partitions, after the first join or a rebalance. `joinSentAt` is monotonic. */
  onJoin(kafkaConsumer: KafkaConsumer, partitions: Record<string, number[]>, joinSentAt: number): void;
  /** `rebalance`: the group still takes commits of the partitions that are given up. `lost`: crashed or closed, and it doesn't. */
  onLeave(reason: 'rebalance' | 'lost'): void;
  onHeartbeat(): void;
  eachBatch(payload: EachBatchPayload): Promise<void>;
  /** A fetch brought no records, but moved the position. */
  onGap?(partition: number, nextOffset: number): void;
}

export interface Session {
  readonly kafkaConsumer: KafkaConsumer;
  /** Resolves when the consumer has ended for good, with the reason. */
  readonly ended: Promise<string>;
  /** Ends the session; a new one should follow. */
  end(reason: string): void;
  /** Leaves the group and disconnects. */
  close(): Promise<void>;
}

export interface SessionOptions {
  kafka: KafkaSettings;
  groupId: string;
  topicNames: string[];
  sessionTimeoutMs: number;
  handlers: SessionHandlers;
  logger: Logger;
}

const silentForMs = 60_000;

const consumerConfig = (groupId: string, sessionTimeoutMs: number): ConsumerConfig => ({
  groupId,
  sessionTimeout: sessionTimeoutMs,
  heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
  rebalanceTimeout: 20_000,
  minBytes: 1,
  maxWaitTimeInMs: 500,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 4 * 1024 * 1024,
  allowAutoTopicCreation: false,
  // A crash always ends the session: kafkajs restarts only for some errors, and silently stays dead for the others.
  retry: { ...retry, restartOnFailure: async () => false },
});

/** One kafkajs consumer from its connection to its end. Throws where it can't connect or a topic is unknown. */
export async function openSession({ kafka, groupId, topicNames, sessionTimeoutMs, handlers, logger }: SessionOptions): Promise<Session> {
  const kafkaConsumer = createKafka(kafka).consumer(consumerConfig(groupId, sessionTimeoutMs));
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const fetching = new Set<string>();
  let syncSentAt = performance.now();
  let lastFetchAt = performance.now();
  let isOver = false;

  const end = (reason: string) => {
    if (isOver) return;
    isOver = true;
    clearInterval(watchdog);
    handlers.onLeave('lost');
    resolve(reason);
  };
  // Half-open connections and a kafkajs that hangs while it crashes show as a fetch loop that stands still.
  const watchdog = setInterval(() => {
    if (performance.now() - lastFetchAt > silentForMs) end(`no fetch for ${silentForMs} ms`);
  }, 5_000);

  const { events } = kafkaConsumer;
  kafkaConsumer.on(events.REQUEST, ({ payload }) => {
    if (payload.apiName === 'SyncGroup') syncSentAt = performance.now() - Math.max(0, Date.now() - payload.sentAt);
  });
  kafkaConsumer.on(events.FETCH_START, ({ payload }) => {
    lastFetchAt = performance.now();
    fetching.add(String((payload as unknown as { nodeId: number }).nodeId));
  });
  kafkaConsumer.on(events.FETCH, ({ payload }) => void fetching.delete(String((payload as unknown as { nodeId: number }).nodeId)));
  kafkaConsumer.on(events.HEARTBEAT, () => {
    if (!isOver) handlers.onHeartbeat();
  });
  kafkaConsumer.on(events.REBALANCING, () => {
    fetching.clear();
    if (!isOver) handlers.onLeave('rebalance');
  });
  kafkaConsumer.on(events.GROUP_JOIN, ({ payload }) => {
    lastFetchAt = performance.now();
    if (isOver) return;
    // kafkajs may join again inside the fetch from one broker; what another broker's fetch then brings belongs to the old assignment,
    // and would be taken for the new one's.
    if (fetching.size > 1) return end('joined again while other fetches were running');
    handlers.onJoin(kafkaConsumer, payload.memberAssignment, syncSentAt);
  });
  kafkaConsumer.on(events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
    if (!isOver && batchSize === 0) handlers.onGap?.(partition, Number(lastOffset) + 1);
  });
  kafkaConsumer.on(events.CRASH, ({ payload }) => {
    const unreadable = findUnreadableBatch(payload.error);
    if (unreadable === null) logger.warn({ err: payload.error, groupId }, 'the consumer has crashed');
    else logger.error({ err: unreadable, groupId, alarm: true }, 'a batch of records cannot be read: the consumer stands still');
    end(payload.error.message);
  });

  const close = async () => {
    end('closed');
    await kafkaConsumer.disconnect().catch((error) => logger.warn({ err: error, groupId }, 'the consumer did not disconnect cleanly'));
  };

  try {
    await kafkaConsumer.connect();
    await kafkaConsumer.subscribe({ topics: topicNames, fromBeginning: true });
    await kafkaConsumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        if (!isOver) await handlers.eachBatch(payload);
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { kafkaConsumer, ended, end, close };
}
