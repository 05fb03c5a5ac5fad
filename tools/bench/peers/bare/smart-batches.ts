// Its kafkajs without a timer every millisecond.
import '@millrace/bus';
import { connectDatabase, type Database } from '@millrace/db';
import { createKafka, parseStackSettings } from '@millrace/demo';
import { type Codec, createCodec, type Topic } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';
import type { RowDataPacket } from 'mysql2/promise';

export interface OutMessage {
  key: string;
  value: Buffer;
  partition: number;
}

/** What a process of the bare pipeline works with. */
export interface Parts {
  codec: Codec;
  database: Database;
  /** Every workflow by its tenant: each has one. */
  versionByTenant: ReadonlyMap<string, WorkflowVersion>;
  /** One request for all topics; resolved when it is acknowledged. */
  send(messages: readonly [Topic<unknown>, OutMessage[]][]): Promise<void>;
}

const commitEveryMs = 500;

/**
 * A process of the bare pipeline. One flush is in flight; what came meanwhile, of all partitions, is the next: no timer. `flush` is handed what
 * is there and takes from its front as much as it wants; it answers whether it has more to do without anything new. Offsets are committed as
 * records come: a crash would lose some. Tells its parent `ready` once it holds partitions.
 */
export async function runSmartBatches(
  name: string,
  topic: Topic<unknown>,
  connect: (parts: Parts) => Promise<(values: Buffer[]) => Promise<boolean>>,
): Promise<void> {
  const settings = parseStackSettings(process.env);
  const { TOPIC_PREFIX: prefix } = settings;
  const kafka = createKafka(settings, `bare-${name}`);
  const codec = createCodec({ url: settings.SCHEMA_REGISTRY_URL, topicPrefix: prefix });
  const database = await connectDatabase({ url: settings.DATABASE_URL, poolSize: 2 });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition as number,
  });
  await producer.connect();
  const flush = await connect({
    codec,
    database,
    versionByTenant: await readVersions(database),
    async send(messages) {
      const topicMessages = messages
        .filter(([, all]) => all.length > 0)
        .map(([to, all]) => ({ topic: `${prefix}${to.name}`, messages: all }));
      if (topicMessages.length > 0) await producer.sendBatch({ acks: -1, topicMessages });
    },
  });
  const values: Buffer[] = [];
  let isFlushing = false;
  const run = async () => {
    isFlushing = true;
    while ((await flush(values)) || values.length > 0) {}
    isFlushing = false;
  };
  const consumer = kafka.consumer({ groupId: `${process.env.GROUP_PREFIX}bare-${name}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [`${prefix}${topic.name}`], fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
  await consumer.run({
    autoCommitInterval: commitEveryMs,
    async eachBatch({ batch }) {
      for (const { value } of batch.messages) values.push(value as Buffer);
      if (!isFlushing) void run();
    },
  });
  await joined;
  process.send?.('ready');
}

async function readVersions({ pool }: Database): Promise<Map<string, WorkflowVersion>> {
  const [rows] = await pool.query<(RowDataPacket & { definition: string })[]>('SELECT definition FROM workflow_versions');
  const versions = rows.map(({ definition }) => JSON.parse(definition) as WorkflowVersion);
  return new Map(versions.map((version) => [version.tenant_id, version]));
}
