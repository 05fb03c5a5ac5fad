import { type Bus, connectBus, type InRecord, startConsumer } from '@millrace/bus';
import { connectDatabase, type Database } from '@millrace/db';
import { parseStackSettings } from '@millrace/demo';
import { type Codec, createCodec, type Topic } from '@millrace/messages';
import { createLogger, type Logger } from '@millrace/runtime';
import { eventually } from '@millrace/testing';

/** What a process of the naive variant works with. */
export interface Parts {
  bus: Bus;
  codec: Codec;
  database: Database;
  logger: Logger;
}

/** Records that are under way at once: commits and sends of different instances may overlap, none is ever joined with another. */
const width = 32;

const spread = 4;

/**
 * A process of the naive variant: as the services, on the same clients, Kafka, tables and statements, but for each record by itself. One row a
 * statement, one transaction a transition, one message a send. Tells its parent `ready` once it holds partitions.
 */
export async function runOneAtATime(
  name: string,
  topic: Topic<unknown>,
  connect: (parts: Parts) => Promise<(record: InRecord) => Promise<void>>,
): Promise<void> {
  const settings = parseStackSettings(process.env);
  const topicPrefix = settings.TOPIC_PREFIX;
  const logger = createLogger(`naive-${name}`, 'warn');
  const codec = createCodec({ url: settings.SCHEMA_REGISTRY_URL, topicPrefix });
  const database = await connectDatabase({ url: settings.DATABASE_URL, poolSize: width });
  const bus = await connectBus({
    brokers: settings.KAFKA_BROKERS.split(','),
    topicPrefix,
    spread,
    clientId: `naive-${name}`,
    codec,
    logger,
  });
  const handle = await connect({ bus, codec, database, logger });
  const waiting: InRecord[] = [];
  let running = 0;
  const next = () => {
    for (; running < width && waiting.length > 0; running += 1) {
      const record = waiting.shift() as InRecord;
      void handle(record).then(() => {
        record.done();
        running -= 1;
        next();
      });
    }
  };
  const consumer = await startConsumer({
    bus,
    groupId: `${process.env.GROUP_PREFIX}naive-${name}`,
    topics: [topic],
    onRecords(records) {
      waiting.push(...records);
      next();
    },
  });
  await eventually(() => {
    if (!consumer.isRunning()) throw new Error('Expected to hold partitions by now, but there are none');
  });
  process.send?.('ready');
}
