import { parseConfig } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { configSchema } from './config.ts';

const env = { DATABASE_URL: 'mysql://a:b@127.0.0.1/c' };

test('the API listens on loopback unless told otherwise', () => {
  expect(parseConfig(configSchema, env)).toMatchObject({ API_HOST: '127.0.0.1', API_PORT: 8080, AUTH_MODE: 'headers' });
});

test('beyond loopback it refuses headers that nobody vouches for', () => {
  expect(() => parseConfig(configSchema, { ...env, API_HOST: '0.0.0.0' })).toThrow(/AUTH_HEADERS_TRUSTED=true or AUTH_SHARED_SECRET/);
  expect(parseConfig(configSchema, { ...env, API_HOST: '0.0.0.0', AUTH_HEADERS_TRUSTED: 'true' }).API_HOST).toBe('0.0.0.0');
  expect(parseConfig(configSchema, { ...env, API_HOST: '::', AUTH_SHARED_SECRET: 'x'.repeat(16) }).API_HOST).toBe('::');
});

test('all faults are said at once', () => {
  expect(() => parseConfig(configSchema, { DATABASE_URL: 'postgres://x', API_PORT: 'x' })).toThrow(
    /DATABASE_URL[\s\S]*API_PORT|API_PORT[\s\S]*DATABASE_URL/,
  );
});
