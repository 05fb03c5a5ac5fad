import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Codec, type Topic, topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import type { Admin, ISocketFactory } from 'kafkajs';
import { onTestFinished } from 'vitest';
import { applyTopics, type Bus, type BusOptions, connectBus, type InRecord } from '../src/index.ts';
import { createKafka } from '../src/kafka-connection.ts';

const brokers = (process.env.KAFKA_BROKERS ?? '127.0.0.1:19092').split(',');
const logger = createLogger('bus-test', process.env.LOG_LEVEL ?? 'silent');

const noCodec: Codec = {
  encode() {
    throw new Error('Expected no use of the codec');
  },
  decode() {
    throw new Error('Expected no use of the codec');
  },
};

/** Topics of its own in the test's Kafka, gone when the test is: a broker holds files open for each partition. */
export async function createCluster(table: readonly Topic<unknown>[] = [topics.crmEvents]) {
  const topicPrefix = `test-${randomUUID()}.`;
  onTestFinished(() => withAdmin((admin) => deleteTopics(admin, topicPrefix)));
  await applyTopics({ brokers, topicPrefix, logger, topics: table });
  return {
    topicPrefix,
    groupId: `test-${randomUUID()}`,
    connect: (options: Partial<BusOptions> = {}): Promise<Bus> =>
      connectBus({ brokers, clientId: 'bus-test', topicPrefix, spread: 4, codec: noCodec, logger, ...options }),
    /** By partition, the offset after the topic's last record. */
    ends: ({ name }: Topic<unknown>): Promise<Record<string, string>> =>
      withAdmin(async (admin) => {
        const offsets = await admin.fetchTopicOffsets(`${topicPrefix}${name}`);
        return Object.fromEntries(offsets.map(({ partition, high }) => [partition, high]));
      }),
  };
}

async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createKafka({ brokers, clientId: 'bus-test', logger }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function deleteTopics(admin: Admin, prefix: string): Promise<void> {
  const names = await admin.listTopics();
  await admin.deleteTopics({ topics: names.filter((name) => name.startsWith(prefix)) });
}

/** Connections that can be cut, as if the broker were away. */
export function createCable() {
  const sockets = new Set<Socket>();
  let isCut = false;
  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port: isCut ? 1 : port }, onConnect);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  return {
    socketFactory,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy(new Error('cut'));
    },
    mend() {
      isCut = false;
    },
  };
}

/** Resolves with the records once `enough` says so. */
export function createCollector(enough: (texts: string[]) => boolean) {
  const records: InRecord[] = [];
  const { promise, resolve } = Promise.withResolvers<InRecord[]>();
  return {
    records,
    promise,
    /** Leaves the records undone. */
    hold(taken: InRecord[]) {
      records.push(...taken);
      if (enough(textsOf(records))) resolve(records);
    },
    take(taken: InRecord[]) {
      records.push(...taken);
      for (const record of taken) record.done();
      if (enough(textsOf(records))) resolve(records);
    },
  };
}

/** What the records say, each text once, where it came first: what is published may lie in the topic twice. */
export function textsOf(records: readonly Pick<InRecord, 'value'>[]): string[] {
  return [...new Set(records.map(({ value }) => value?.toString() ?? ''))];
}

/** Where the records lie: a record that is handed over twice shows twice, a text that was published twice doesn't. */
export function positionsOf(records: readonly Pick<InRecord, 'partition' | 'offset'>[]): string[] {
  return records.map(({ partition, offset }) => `${partition}/${offset}`);
}

/** Resolves once the condition holds. */
export async function eventually(condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`Expected ${condition} within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
