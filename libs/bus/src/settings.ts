import type { RegistrySettings } from '@millrace/messages';
import type { SASLOptions } from 'kafkajs';
import { z } from 'zod';

/** The settings of Kafka and the registry, to spread into a service's own. */
export const busSettings = {
  KAFKA_BROKERS: z
    .string()
    .default('127.0.0.1:19092')
    .transform((text) => text.split(',').map((broker) => broker.trim())),
  KAFKA_SSL: z.stringbool().default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  SCHEMA_REGISTRY_URL: z.url().default('http://127.0.0.1:18081/apis/ccompat/v7'),
  /** user:password */
  SCHEMA_REGISTRY_AUTH: z
    .string()
    .regex(/^[^:]+:/, 'Expected user:password')
    .optional(),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/)
    .default(''),
  /** Most partitions that one tenant's records lie on. The same in every service; changed only with drained topics. */
  TENANT_SPREAD: z.coerce.number().int().min(1).max(12).default(4),
  GROUP_PREFIX: z.string().default(''),
};

export type BusConfig = z.output<z.ZodObject<typeof busSettings>>;

export interface ClusterOptions {
  brokers: string[];
  topicPrefix: string;
  spread: number;
  ssl?: boolean;
  sasl?: SASLOptions;
}

/** The parsed settings as connectBus and applyTopics take them. */
export function clusterOptions(config: BusConfig): ClusterOptions {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '', KAFKA_SASL_PASSWORD: password = '' } = config;
  return {
    brokers: config.KAFKA_BROKERS,
    topicPrefix: config.TOPIC_PREFIX,
    spread: config.TENANT_SPREAD,
    ssl: config.KAFKA_SSL,
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username, password } as SASLOptions }),
  };
}

/** The parsed settings as createCodec and registerSchemas take them. */
export function registryOptions(config: BusConfig): RegistrySettings {
  const [username = '', ...password] = (config.SCHEMA_REGISTRY_AUTH ?? '').split(':');
  return {
    url: config.SCHEMA_REGISTRY_URL,
    topicPrefix: config.TOPIC_PREFIX,
    auth: config.SCHEMA_REGISTRY_AUTH === undefined ? undefined : { username, password: password.join(':') },
  };
}
