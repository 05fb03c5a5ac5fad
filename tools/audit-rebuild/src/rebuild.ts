import { setTimeout as delay } from 'node:timers/promises';
import { clusterOptions, connectBus, registryOptions } from '@millrace/bus';
import { connectDatabase, type Database } from '@millrace/db';
import { createKafka, findCommitted, parseStackSettings } from '@millrace/demo';
import type { Config } from '@millrace/deploy';
import { createCodec, topics } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import { type Bounds, type Comparison, compareHistory } from './compare.ts';
import { compareRollUps } from './compare-roll-ups.ts';
import { copyParents, emptyHistory, ensureCopy } from './copy-database.ts';
import { copyUrlOf, type Options } from './options.ts';
import { type Replay, replay } from './replay.ts';

export interface Rebuilt {
  replay: Omit<Replay, 'lastSeqById' | 'firstRecordAt' | 'readTo'>;
  instances: number;
  /** By table; null where nothing was compared. */
  comparison: Map<string, Comparison> | null;
}

const catchUpMs = 60_000;
/** Clocks of executors and producers may differ so much. */
const slackMs = 60_000;

/** Rebuilds the tables that the audit logger writes into a copy, and compares them with the live ones. */
export async function rebuild(config: Config, options: Options): Promise<Rebuilt> {
  const ssl = config.DATABASE_SSL;
  const copyUrl = copyUrlOf(config.DATABASE_URL, options);
  await using live = await connectDatabase({ url: config.DATABASE_URL, ssl, poolSize: 2 });
  await live.ping();
  await ensureCopy(copyUrl, ssl);
  await using copy = await connectDatabase({ url: copyUrl, ssl, poolSize: 2 });
  if (!options.live) await copyParents(live, copy);
  await emptyHistory(copy, options.empty);

  const logger = createLogger('audit-rebuild', 'silent');
  await using bus = await connectBus({
    ...clusterOptions(config),
    clientId: 'audit-rebuild',
    codec: createCodec(registryOptions(config)),
    logger,
  });
  const { lastSeqById, firstRecordAt, readTo, ...counts } = await replay(bus, copy);
  const rebuilt = { replay: counts, instances: lastSeqById.size };
  if (options.live) return { ...rebuilt, comparison: null };

  await using topic = await followTopic(config);
  await topic.awaitWritten(readTo);
  const oldestMs = await topic.oldestMs(firstRecordAt);
  const comparison = await inSnapshot(live, async (snapshot) => {
    const bounds: Bounds = { lastSeqById, oldestMs, isQuiet: await topic.isAt(readTo), nowMs: Date.now() };
    const reader = copy.pool;
    return new Map([...(await compareHistory(snapshot, reader, bounds)), ...(await compareRollUps(snapshot, reader, bounds))]);
  });
  return { ...rebuilt, comparison };
}

type Connection = Awaited<ReturnType<Database['pool']['getConnection']>>;

/** All reads see the tables as of one moment. */
async function inSnapshot<T>({ pool }: Database, read: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    return await read(connection);
  } finally {
    connection.destroy();
  }
}

/** What the brokers say of the log's topic and of the audit logger's place in it. */
async function followTopic(config: Config) {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL } = config;
  const settings = parseStackSettings({ ...process.env, KAFKA_BROKERS: KAFKA_BROKERS.join(','), SCHEMA_REGISTRY_URL, DATABASE_URL });
  const admin = createKafka(settings, 'audit-rebuild').admin();
  await admin.connect();
  const name = `${config.TOPIC_PREFIX}${topics.executionLog.name}`;
  const group = `${config.GROUP_PREFIX}audit-logger`;
  return {
    /** Resolved once the audit logger has written what was read. Throws an Error where it doesn't come to it. */
    async awaitWritten(readTo: ReadonlyMap<number, bigint>): Promise<void> {
      const until = performance.now() + catchUpMs;
      for (;;) {
        const committed = await findCommitted(admin, group, name);
        const ends = await admin.fetchTopicOffsets(name);
        const lows = new Map(ends.map(({ partition, low }) => [partition, BigInt(low)]));
        const behind = [...readTo].filter(
          ([partition, next]) => (committed.get(partition) ?? 0n) < next && (lows.get(partition) ?? 0n) < next,
        );
        if (behind.length === 0) return;
        if (performance.now() > until)
          throw new Error(`Expected the audit logger to have written the topic, but it is behind in ${behind.length} partitions`);
        await delay(500);
      }
    },
    async isAt(readTo: ReadonlyMap<number, bigint>): Promise<boolean> {
      return (await admin.fetchTopicOffsets(name)).every(({ partition, high }) => BigInt(high) === (readTo.get(partition) ?? 0n));
    },
    /** Before when the topic may have lost records; 0 where it has all. */
    async oldestMs(firstRecordAt: ReadonlyMap<number, number>): Promise<number> {
      const cut = (await admin.fetchTopicOffsets(name)).filter(({ low }) => low !== '0');
      return Math.max(0, ...cut.map(({ partition }) => (firstRecordAt.get(partition) ?? Date.now()) + slackMs));
    },
    [Symbol.asyncDispose]: () => admin.disconnect(),
  };
}
