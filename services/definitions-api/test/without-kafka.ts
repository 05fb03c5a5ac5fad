import { randomUUID } from 'node:crypto';
import { connectBus } from '@millrace/bus';
import { connectDatabase, migrate } from '@millrace/db';
import { createCodec, registerSchemas } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import type { Installation } from '@millrace/testing';
import { createConnection } from 'mysql2/promise';

const base = process.env.DATABASE_URL ?? 'mysql://millrace:millrace@127.0.0.1:13306/millrace';
const registryUrl = process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:18081/apis/ccompat/v7';

/** A database and schemas of its own, and a bus whose broker is away: what a test needs that doesn't look at topics. */
export async function createInstallationWithoutKafka(): Promise<
  Pick<Installation, 'databaseUrl' | 'database' | 'codec' | 'bus' | 'logger'> & AsyncDisposable
> {
  const id = randomUUID().replaceAll('-', '').slice(0, 12);
  const name = `millrace_api_${id}`;
  const url = Object.assign(new URL(base), { pathname: `/${name}` }).href;
  const topicPrefix = `test-api-${id}.`;
  const logger = createLogger('definitions-api-test', process.env.LOG_LEVEL ?? 'silent');
  const admin = await createConnection(base);
  await admin.query(`create database ${name}`);
  await Promise.all([migrate({ url }), registerSchemas({ url: registryUrl, topicPrefix })]);
  const codec = createCodec({ url: registryUrl, topicPrefix });
  const database = await connectDatabase({ url, poolSize: 5 });
  const bus = await connectBus({ brokers: ['127.0.0.1:1'], clientId: 'api-test', topicPrefix, spread: 4, codec, logger });
  return {
    databaseUrl: url,
    database,
    codec,
    bus,
    logger,
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await admin.query(`drop database ${name}`);
      await admin.end();
    },
  };
}
