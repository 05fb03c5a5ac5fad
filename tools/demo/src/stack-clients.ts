import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { createPool, type Pool } from 'mysql2/promise';
import { z } from 'zod';

/** The settings of the installation that the demo needs as any CRM would; the services read the same ones. */
const settingsSchema = z.object({
  KAFKA_BROKERS: z.string().min(1),
  KAFKA_SSL: z.stringbool().default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().default(''),
  KAFKA_SASL_PASSWORD: z.string().default(''),
  SCHEMA_REGISTRY_URL: z.url(),
  SCHEMA_REGISTRY_AUTH: z.string().optional(),
  DATABASE_URL: z.url(),
  DATABASE_SSL: z.stringbool().default(false),
  TOPIC_PREFIX: z.string().default(''),
  GROUP_PREFIX: z.string().default(''),
});
export type StackSettings = z.output<typeof settingsSchema>;

export function parseStackSettings(env: Record<string, string | undefined>): StackSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) throw new Error(`Expected the settings of a stack, but:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** An ordinary client, with kafkajs' own partitioner: what a CRM would use. */
export function createKafka(settings: StackSettings, clientId: string): Kafka {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings;
  return new kafkajs.Kafka({
    clientId,
    brokers: settings.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    ssl: settings.KAFKA_SSL,
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username, password } as SASLOptions }),
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 12, initialRetryTime: 100, maxRetryTime: 5000 },
  });
}

export function createRegistry(settings: StackSettings): SchemaRegistry {
  const [username, ...rest] = (settings.SCHEMA_REGISTRY_AUTH ?? '').split(':');
  return new SchemaRegistry({
    host: settings.SCHEMA_REGISTRY_URL,
    ...(username ? { auth: { username, password: rest.join(':') } } : {}),
  });
}

export function createDatabasePool(settings: StackSettings): Pool {
  return createPool({
    uri: settings.DATABASE_URL,
    connectionLimit: 3,
    timezone: 'Z',
    supportBigNumbers: true,
    ...(settings.DATABASE_SSL ? { ssl: {} } : {}),
  });
}
