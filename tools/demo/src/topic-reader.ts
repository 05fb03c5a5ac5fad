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

/** Reads what is appended to the topics from now on: the group's offsets are set to the topics' ends before it starts. */
export async function startTopicReader(options: TopicReaderOptions): Promise<TopicReader> {
  const { admin, groupId, topics } = options;
  for (const topic of topics) {
    const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
    await admin.setOffsets({ groupId, topic, partitions });
  }
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
  await joined;
  return reader;
}
