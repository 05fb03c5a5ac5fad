import { randomUUID } from 'node:crypto';
import { applyTopics, type Bus, type ClusterOptions, connectBus } from '@millrace/bus';
import { connectDatabase, type Database, migrate } from '@millrace/db';
import { createKafka, parseStackSettings } from '@millrace/demo';
import { type Codec, createCodec, registerSchemas } from '@millrace/messages';
import { createLogger, type Logger } from '@millrace/runtime';
import { createConnection } from 'mysql2/promise';

/** Topics, subjects, groups and a database that nobody else has, on the stack that the tests run on. */
export interface Installation extends AsyncDisposable {
  /** Of topics, subjects and groups. */
  prefix: string;
  databaseUrl: string;
  /** What a service's process needs in its environment to be part of it. */
  env: Record<string, string>;
  cluster: ClusterOptions;
  database: Database;
  codec: Codec;
  bus: Bus;
  logger: Logger;
}

const settings = (env: Record<string, string | undefined>) => ({
  brokers: env.KAFKA_BROKERS ?? '127.0.0.1:19092',
  registryUrl: env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:18081/apis/ccompat/v7',
  databaseUrl: env.DATABASE_URL ?? 'mysql://millrace:millrace@127.0.0.1:13306/millrace',
});

/**
 * Runs the three deploy steps for a fresh installation, on the stack that `env` names, and connects to it. Disposing drops
 * the database and the topics: a broker has only so many open files.
 */
export async function createInstallation(name: string, env: Record<string, string | undefined> = process.env): Promise<Installation> {
  const { brokers, registryUrl, databaseUrl: base } = settings(env);
  const id = randomUUID().slice(0, 8);
  const prefix = `test-${name}-${id}.`;
  const databaseName = `millrace_test_${name.replaceAll('-', '_')}_${id}`;
  const databaseUrl = Object.assign(new URL(base), { pathname: `/${databaseName}` }).href;
  await runOn(base, `create database ${databaseName}`);

  const logger = createLogger(name, process.env.LOG_LEVEL ?? 'silent');
  const cluster: ClusterOptions = { brokers: brokers.split(','), topicPrefix: prefix, spread: 4 };
  const registry = { url: registryUrl, topicPrefix: prefix };
  await Promise.all([migrate({ url: databaseUrl }), registerSchemas(registry), applyTopics({ ...cluster, logger })]);
  const database = await connectDatabase({ url: databaseUrl, poolSize: 5 });
  const codec = createCodec(registry);
  const bus = await connectBus({ ...cluster, clientId: `test-${name}`, codec, logger });
  const serviceEnv = {
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registryUrl,
    DATABASE_URL: databaseUrl,
    TOPIC_PREFIX: prefix,
    GROUP_PREFIX: prefix,
  };
  return {
    prefix,
    databaseUrl,
    env: serviceEnv,
    cluster,
    database,
    codec,
    bus,
    logger,
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await Promise.all([runOn(base, `drop database ${databaseName}`), deleteTopics(serviceEnv, prefix)]);
    },
  };
}

async function deleteTopics(env: Record<string, string>, prefix: string): Promise<void> {
  const admin = createKafka(parseStackSettings(env), 'test-installation').admin();
  await admin.connect();
  try {
    const topics = await admin.listTopics();
    await admin.deleteTopics({ topics: topics.filter((topic) => topic.startsWith(prefix)) });
  } finally {
    await admin.disconnect();
  }
}

async function runOn(url: string, statement: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
