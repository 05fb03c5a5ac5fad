import type { Admin, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';

export interface TopicReader extends AsyncDisposable {
  /** Messages handed over so far. */
  read: number;
}

export interface TopicReaderOptions {
  kafka: Kafka;
  admin: Admin;
  groupId: string;
  topics: string[];
  onMessage: (message: KafkaMessage, topic: string) => void | Promise<void>;
  onCrash: (error: Error) => void;
}

/** Reads what is appended to the topics from now on: it seeks to the ends that they had at the call. */
export async function startTopicReader(options: TopicReaderOptions): Promise<TopicReader> {
  const { admin, groupId, topics } = options;
  const ends = await Promise.all(topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })));
  const consumer = options.kafka.consumer({ groupId, maxWaitTimeInMs: 250, allowAutoTopicCreation: false, retry: { retries: 20 } });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) options.onCrash(payload.error);
  });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topics });
  const reader: TopicReader = {
    read: 0,
    async [Symbol.asyncDispose]() {
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => {});
    },
  };
  await consumer.run({
    autoCommitInterval: 1000,
    eachBatch: async ({ batch, resolveOffset, heartbeat }: EachBatchPayload) => {
      for (const message of batch.messages) {
        await options.onMessage(message, batch.topic);
        reader.read += 1;
        resolveOffset(message.offset);
      }
      await heartbeat();
    },
  });
  for (const { topic, partitions } of ends) {
    for (const { partition, high } of partitions) consumer.seek({ topic, partition, offset: high });
  }
  await joined;
  return reader;
}
