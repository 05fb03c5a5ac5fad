import { parseConfig } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { busSettings, clusterOptions, registryOptions } from './index.ts';

const parse = (env: Record<string, string> = {}) => parseConfig(z.object(busSettings), env);

test('without settings the stack of this computer is meant, plain', () => {
  expect(clusterOptions(parse())).toEqual({ brokers: ['127.0.0.1:19092'], topicPrefix: '', spread: 4, ssl: false });
  expect(registryOptions(parse())).toEqual({ url: 'http://127.0.0.1:18081/apis/ccompat/v7', topicPrefix: '', auth: undefined });
});

test('brokers, TLS and SASL of an existing cluster', () => {
  const config = parse({
    KAFKA_BROKERS: 'a:9092, b:9092',
    KAFKA_SSL: 'true',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'millrace',
    KAFKA_SASL_PASSWORD: 'secret',
    TOPIC_PREFIX: 'prod.',
    TENANT_SPREAD: '1',
  });
  expect(clusterOptions(config)).toEqual({
    brokers: ['a:9092', 'b:9092'],
    topicPrefix: 'prod.',
    spread: 1,
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'millrace', password: 'secret' },
  });
});

test('a registry’s password may hold colons', () => {
  expect(registryOptions(parse({ SCHEMA_REGISTRY_AUTH: 'user:pass:word' })).auth).toEqual({ username: 'user', password: 'pass:word' });
});

test.each([
  ['KAFKA_SSL', 'maybe'],
  ['KAFKA_SASL_MECHANISM', 'gssapi'],
  ['SCHEMA_REGISTRY_URL', 'registry'],
  ['SCHEMA_REGISTRY_AUTH', 'user'],
  ['TOPIC_PREFIX', 'a/b'],
  ['TENANT_SPREAD', '13'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => parse({ [name]: value })).toThrow(`${name}: `);
});
