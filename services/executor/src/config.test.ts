import { ConfigError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const required = {
  KAFKA_BROKERS: 'kafka.internal:9092',
  SCHEMA_REGISTRY_URL: 'http://registry.internal',
  DATABASE_URL: 'mysql://millrace:secret@database.internal/millrace',
};
const read = (settings: Record<string, string> = {}) => readConfig({ ...required, ...settings });
const keyOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;

test('without settings everything has its default', () => {
  expect(read()).toMatchObject({
    TENANT_CONCURRENCY: 200,
    HOST_CONCURRENCY: 100,
    STARTS_PER_HOUR: 100,
    RETENTION_DAYS: 90,
    DEAD_LETTER_DAYS: 90,
    QUEUE_BYTES: 268_435_456,
    HTTP_ALLOWED_ORIGINS: [],
  });
});

test.each<[string, string[]]>([
  ['', []],
  [' ', []],
  ['http://127.0.0.1:9000', ['http://127.0.0.1:9000']],
  ['http://127.0.0.1:9000/hooks , HTTPS://Hooks.Internal ,', ['http://127.0.0.1:9000', 'https://hooks.internal']],
  ['http://hooks.internal:80', ['http://hooks.internal']],
])('allowed origins are scheme, host and port of what is listed: %j', (text, origins) => {
  expect(read({ HTTP_ALLOWED_ORIGINS: text }).HTTP_ALLOWED_ORIGINS).toEqual(origins);
});

test.each([24, 25, 32, 64])('a signing key of %i bytes is taken', (bytes) => {
  expect(read({ WEBHOOK_SIGNING_KEY: keyOf(bytes) }).WEBHOOK_SIGNING_KEY).toBe(keyOf(bytes));
});

test.each<[string, string]>([
  ['WEBHOOK_SIGNING_KEY', keyOf(23)],
  ['RETENTION_DAYS', '7'],
  ['DEAD_LETTER_DAYS', '30'],
  ['WEBHOOK_SIGNING_KEY', keyOf(65)],
  ['WEBHOOK_SIGNING_KEY', keyOf(32).slice(6)],
  ['WEBHOOK_SIGNING_KEY', `${keyOf(32)}=`],
  ['WEBHOOK_SIGNING_KEY', keyOf(32).replace('A', '-')],
  ['WEBHOOK_SIGNING_KEY', 'whsec_'],
  ['HTTP_ALLOWED_ORIGINS', '127.0.0.1:9000'],
  ['HTTP_ALLOWED_ORIGINS', 'http://a.internal,ftp://b.internal'],
  ['SMTP_URL', 'http://mail.example'],
  ['SMS_API_URL', 'smtp://sms.example'],
  ['TENANT_CONCURRENCY', '0'],
  ['HOST_CONCURRENCY', 'many'],
  ['STARTS_PER_HOUR', '-1'],
  ['QUEUE_BYTES', '1000'],
  ['STOP_TIMEOUT_SECONDS', '0'],
])('a wrong setting is named: %s=%s', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(ConfigError);
  expect(() => read({ [name]: value })).toThrow(name);
});
