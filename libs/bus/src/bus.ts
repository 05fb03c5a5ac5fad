import { type Codec, deadLetterTopic, type Topic, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import kafkajs, { type CompressionTypes as Compression, type Producer } from 'kafkajs';
import { densest } from './compression.ts';
import { labelDeadLetter } from './dead-letter-labels.ts';
import { createKafka, type KafkaSettings } from './kafka-connection.ts';
import { translateKafkaError } from './kafka-error.ts';
import type { InRecord, OutRecord } from './record.ts';
import { planSends } from './send-plan.ts';

export interface BusOptions extends KafkaSettings {
  topicPrefix: string;
  /** Most partitions that one tenant's records may lie on. */
  spread: number;
  codec: Codec;
}

export interface Bus extends AsyncDisposable {
  readonly options: BusOptions;
  readonly codec: Codec;
  /**
   * Resolves once every record is acknowledged by all replicas in sync. Any of them may lie in the topic twice, or although this throws.
   * The order within a partition is kept as long as the caller keeps one call in flight. Throws RetryableError `kafka_unavailable` after
   * some seconds, TerminalError `message_too_large`.
   */
  publish(records: readonly OutRecord[]): Promise<void>;
  /** Puts a copy of the record, with its origin and the reason in headers, into its dead-letter topic; throws as publish does. */
  deadLetter(record: InRecord, reason: string, message: string): Promise<void>;
}

const { CompressionTypes } = kafkajs;
const tableByName = new Map<string, Topic<unknown>>(Object.values(topics).map((topic) => [topic.name, topic]));

/** Never fails for a broker that is away: publish does, until it is back. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { logger, clientId, topicPrefix, codec } = options;
  let producer: Promise<Producer> | undefined;

  const open = async (): Promise<Producer> => {
    const opened = createKafka(options).producer({
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    await opened.connect();
    return opened;
  };

  const close = async (closing: Promise<Producer> | undefined) => {
    await closing?.then((opened) => opened.disconnect()).catch(() => {});
  };

  /** A producer that has failed after its own retries isn't trusted to recover. */
  const send = async (records: readonly OutRecord[], compression: Compression = CompressionTypes.None) => {
    const isCompressed = compression !== CompressionTypes.None;
    const sends = planSends(records, { ...options, isCompressed });
    producer ??= open();
    const used = producer;
    try {
      const opened = await used;
      for (const topicMessages of sends) await opened.sendBatch({ acks: -1, compression, topicMessages });
    } catch (cause) {
      const error = translateKafkaError(cause);
      if (error.code === 'kafka_unavailable' && producer === used) {
        producer = undefined;
        void close(used);
      }
      throw error;
    }
  };

  producer = open();
  await producer.catch((error) => {
    producer = undefined;
    logger.warn({ err: error }, 'kafka is not reachable yet');
  });

  return {
    options,
    codec,
    async publish(records) {
      if (records.length > 0) await send(records);
    },
    async deadLetter(record, reason, message) {
      const origin = tableByName.get(record.topic) ?? { ...topics.crmEvents, name: record.topic };
      const letter: OutRecord = {
        topic: deadLetterTopic(origin),
        tenantId: '',
        partition: record.partition,
        key: record.key,
        value: record.value,
        headers: labelDeadLetter(record, { reason, message, service: clientId, topicPrefix }),
      };
      try {
        await send([letter]);
      } catch (error) {
        if (!(error instanceof TerminalError)) throw error;
        // It fitted into its own topic because its producer had compressed it.
        await send([letter], densest);
      }
    },
    async [Symbol.asyncDispose]() {
      const last = producer;
      producer = undefined;
      await close(last);
    },
  };
}
