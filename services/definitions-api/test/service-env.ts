import type { ApiUnderTest } from './api-under-test.ts';

/** What a process of the service needs in its environment to work beside an API under test. */
export async function serviceEnv({ bus, database }: ApiUnderTest): Promise<Record<string, string>> {
  const [rows] = await database.pool.query('select database() as name');
  const base = process.env.DATABASE_URL ?? 'mysql://millrace:millrace@127.0.0.1:13306/millrace';
  return {
    DATABASE_URL: Object.assign(new URL(base), { pathname: `/${(rows as { name: string }[])[0]?.name}` }).href,
    KAFKA_BROKERS: bus.options.brokers.join(','),
    SCHEMA_REGISTRY_URL: process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:18081/apis/ccompat/v7',
    TOPIC_PREFIX: bus.options.topicPrefix,
  };
}
