import { setTimeout as delay } from 'node:timers/promises';
import { deadLetterTopic, type Topic, topics } from '@millrace/messages';
import { type Logger, RetryableError, TerminalError } from '@millrace/runtime';
import kafkajs, { type Admin, type SASLOptions } from 'kafkajs';
import { createKafka } from './kafka-connection.ts';
import { translateKafkaError } from './kafka-error.ts';

export interface ApplyTopicsOptions {
  brokers: string[];
  topicPrefix: string;
  ssl?: boolean;
  sasl?: SASLOptions;
  logger: Logger;
  /** All of the table unless said. */
  topics?: readonly Topic<unknown>[];
}

export interface AppliedTopics {
  created: string[];
  /** Were there already; their settings have been set to the table's. */
  kept: string[];
}

function settingsOf(topic: Topic<unknown>, replicas: number): { name: string; value: string }[] {
  const settings = [
    { name: 'cleanup.policy', value: topic.cleanupPolicy },
    { name: 'retention.ms', value: String(topic.retentionMs) },
    { name: 'max.message.bytes', value: String(topic.maxMessageBytes) },
  ];
  return replicas >= 3 ? [...settings, { name: 'min.insync.replicas', value: '2' }] : settings;
}

const leadersWithinMs = 30_000;

/** kafkajs' own wait gives up where a broker doesn't know a new topic yet. */
async function waitForLeaders(admin: Admin, names: string[]): Promise<void> {
  const until = performance.now() + leadersWithinMs;
  for (;;) {
    try {
      const { topics: described } = await admin.fetchTopicMetadata({ topics: names });
      if (described.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (performance.now() > until)
      throw new RetryableError('kafka_unavailable', `Expected leaders of ${names.join(', ')}, but there are none yet`);
    await delay(100);
  }
}

async function applyWith(admin: Admin, topicPrefix: string, table: readonly Topic<unknown>[]): Promise<AppliedTopics> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = brokers.length >= 3 ? 3 : 1;
  const wanted = table.flatMap((topic) => [topic, deadLetterTopic(topic)]);
  const named = wanted.map((topic) => ({
    topic,
    name: `${topicPrefix}${topic.name}`,
    configEntries: settingsOf(topic, replicationFactor),
  }));
  const existing = new Set(await admin.listTopics());
  const missing = named.filter(({ name }) => !existing.has(name));
  const present = named.filter(({ name }) => existing.has(name));

  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(({ topic, name, configEntries }) => ({
        topic: name,
        numPartitions: topic.partitions,
        replicationFactor,
        configEntries,
      })),
    });
    await waitForLeaders(
      admin,
      missing.map(({ name }) => name),
    );
  }
  if (present.length > 0) {
    const { topics: described } = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
    for (const { name, topic } of present) {
      const count = described.find((one) => one.name === name)?.partitions.length ?? 0;
      if (count !== topic.partitions) {
        throw new TerminalError('topic_partitions_differ', `Expected ${name} to have ${topic.partitions} partitions, but it has ${count}`);
      }
    }
    await admin.alterConfigs({
      validateOnly: false,
      resources: present.map(({ name, configEntries }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries })),
    });
  }
  return { created: missing.map(({ name }) => name), kept: present.map(({ name }) => name) };
}

/**
 * Creates what is missing of the topics and their dead-letter topics, and sets the others to the table's settings; a deploy step, safe to
 * repeat. Throws TerminalError `topic_partitions_differ`: the number of partitions can't be changed without losing the order of entities.
 */
export async function applyTopics({
  topicPrefix,
  topics: table = Object.values(topics),
  ...cluster
}: ApplyTopicsOptions): Promise<AppliedTopics> {
  const admin = createKafka({ clientId: 'millrace-topics', ...cluster }).admin();
  try {
    await admin.connect();
    return await applyWith(admin, topicPrefix, table);
  } catch (error) {
    throw translateKafkaError(error);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
