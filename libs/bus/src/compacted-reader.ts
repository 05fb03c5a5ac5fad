import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Topic } from '@millrace/messages';
import { RetryableError } from '@millrace/runtime';
import type { EachBatchPayload } from 'kafkajs';
import type { Bus } from './bus.ts';
import { createKafka } from './kafka-connection.ts';
import type { Headers } from './record.ts';
import { openSession } from './session.ts';
import { superviseSessions } from './supervisor.ts';

export interface CompactedRecordRef {
  partition: number;
  offset: string;
  timestampMs: number;
  headers: Headers;
}

export interface CompactedReaderOptions {
  bus: Bus;
  topic: Topic<unknown>;
  /**
   * Takes each record once and in order; null is a tombstone. Where it throws a RetryableError it is called again until it doesn't; after
   * any other error the record is logged and passed over.
   */
  onRecord: (key: string, value: Buffer | null, ref: CompactedRecordRef) => void | Promise<void>;
  /** Ends the wait for the end of the topic: the promise is rejected with its reason. */
  signal?: AbortSignal;
}

export interface CompactedReader extends AsyncDisposable {
  /** By partition, the next offset to apply. Partitions that are empty have their end. */
  appliedOffsets(): Record<string, string>;
  readonly caughtUp: true;
  /** False while no broker answers: what was read stays valid but may be old. */
  isRunning(): boolean;
}

const retryMs = 1_000;

async function readEnds(bus: Bus, topicName: string, signal: AbortSignal): Promise<Map<number, { end: number; isEmpty: boolean }>> {
  for (;;) {
    const admin = createKafka(bus.options).admin();
    try {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topicName);
      return new Map(offsets.map(({ partition, high, low }) => [partition, { end: Number(high), isEmpty: high === low }]));
    } catch (error) {
      bus.options.logger.warn({ err: error, topic: topicName }, 'the ends of the topic could not be read');
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await delay(retryMs, undefined, { signal });
  }
}

/**
 * Reads a compacted topic in a group of its own, without committing. Resolves when everything up to the ends at the time of the call is
 * applied, then follows; goes on after a lost broker where it was.
 */
export async function readCompacted({ bus, topic, onRecord, signal }: CompactedReaderOptions): Promise<CompactedReader> {
  const topicName = `${bus.options.topicPrefix}${topic.name}`;
  const logger = bus.options.logger.child({ topic: topicName });
  const stopping = new AbortController();
  const signals = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  const applied = new Map<number, number>();
  const ends = await readEnds(bus, topicName, signals);
  signals.throwIfAborted();
  const caughtUp = Promise.withResolvers<void>();
  let isHeld = false;

  const moveTo = (partition: number, next: number) => {
    if (next > (applied.get(partition) ?? 0)) applied.set(partition, next);
    if ([...ends].every(([each, { end }]) => (applied.get(each) ?? 0) >= end)) caughtUp.resolve();
  };

  const apply = async (payload: EachBatchPayload, message: EachBatchPayload['batch']['messages'][number]) => {
    const ref = {
      partition: payload.batch.partition,
      offset: message.offset,
      timestampMs: Number(message.timestamp),
      headers: message.headers ?? {},
    };
    for (;;) {
      try {
        return await onRecord(message.key?.toString() ?? '', message.value, ref);
      } catch (error) {
        logger.error({ err: error, partition: ref.partition, offset: ref.offset }, 'a record could not be applied');
        if (!(error instanceof RetryableError)) return;
      }
      await delay(retryMs, undefined, { signal: stopping.signal });
      await payload.heartbeat();
    }
  };

  const eachBatch = async (payload: EachBatchPayload) => {
    const { batch, resolveOffset } = payload;
    // A position after the end: the topic was made anew.
    if ((applied.get(batch.partition) ?? 0) > Number(batch.highWatermark)) applied.delete(batch.partition);
    for (const message of batch.messages) {
      if (stopping.signal.aborted || !isHeld) return;
      const next = Number(message.offset) + 1;
      if (next > (applied.get(batch.partition) ?? 0)) {
        await apply(payload, message);
        moveTo(batch.partition, next);
      }
      resolveOffset(message.offset);
    }
  };

  const supervisor = superviseSessions(
    () =>
      openSession({
        kafka: bus.options,
        groupId: `${topicName}-reader-${bus.options.clientId}-${randomUUID()}`,
        topicNames: [topicName],
        sessionTimeoutMs: 10_000,
        logger,
        handlers: {
          onJoin: () => {
            isHeld = true;
          },
          onLeave: () => {
            isHeld = false;
          },
          onHeartbeat: () => {},
          onGap: (partition, next) => {
            if (isHeld) moveTo(partition, next);
          },
          eachBatch,
        },
      }),
    logger,
  );

  const close = async () => {
    stopping.abort();
    await supervisor.stop();
  };
  for (const [partition, { end, isEmpty }] of ends) moveTo(partition, isEmpty ? end : 0);
  signal?.addEventListener('abort', () => caughtUp.reject(signal.reason), { once: true });
  try {
    await caughtUp.promise;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    appliedOffsets: () => Object.fromEntries([...ends.keys()].map((partition) => [partition, String(applied.get(partition) ?? 0)])),
    caughtUp: true,
    isRunning: () => isHeld,
    [Symbol.asyncDispose]: close,
  };
}
