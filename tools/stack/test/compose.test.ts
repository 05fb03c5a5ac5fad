import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { ownSettings, sharedSettings } from '../../docs/service-settings.ts';
import { nodeFlagsOf } from '../src/index.ts';
import { projectDir } from '../src/project.ts';

interface Service {
  image: string;
  ports?: string[];
  command?: string[];
  environment?: Record<string, unknown>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  logging?: { driver: string };
}

const file: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  readFileSync(`${projectDir}/docker-compose.yml`, 'utf8'),
  { merge: true },
);
const dockerfile = readFileSync(`${projectDir}/Dockerfile`, 'utf8');
const services = Object.entries(file.services);
const ours = readdirSync(`${projectDir}/services`).filter((name) => existsSync(`${projectDir}/services/${name}/package.json`));
const servers = ['kafka', 'registry', 'database'];

afterEach(() => void vi.unstubAllEnvs());

test('docker-compose.yml follows the Compose schema', () => {
  // The linter of Compose files carries the specification's schema.
  const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const { $schema: _, ...schema } = JSON.parse(readFileSync(`${linter}/schemas/compose.schema.json`, 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  validate(file);
  expect(validate.errors ?? []).toEqual([]);
});

test('it has the servers, a mail catcher, the set-up and each of our services', () => {
  expect(Object.keys(file.services).sort()).toEqual([...servers, 'mail', 'setup', ...ours].sort());
});

test.each(services)('the image of %s is pinned to an exact version', (_, { image }) => {
  expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test('the image of our services is built on an exact version of Node and does not run as root', () => {
  expect(dockerfile).toMatch(/^FROM node:24\.\d+\.\d+-[\w-]+$/m);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toContain('pnpm install --prod --frozen-lockfile');
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
});

test('the image and the bootstrap use the same Node and pnpm', () => {
  const bootstrap = readFileSync(`${projectDir}/tools/bootstrap/toolchain.mjs`, 'utf8');
  expect(/^FROM node:([\d.]+)/m.exec(dockerfile)?.[1]).toBe(/nodeVersion = '([\d.]+)'/.exec(bootstrap)?.[1]);
  expect(/pnpm@([\d.]+)/.exec(dockerfile)?.[1]).toBe(/pnpmVersion = '([\d.]+)'/.exec(bootstrap)?.[1]);
});

test.each(services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const)))(
  '%s listens on loopback only: %s',
  (_, port) => {
    expect(port).toMatch(/^127\.0\.0\.1:/);
  },
);

test.each(services)('the log of %s does not grow without end', (_, { logging }) => {
  expect(logging?.driver).toBe('local');
});

test.each(ours)('%s is given only settings that it has', async (name) => {
  vi.stubEnv('DATABASE_URL', 'mysql://user@host/database');
  const known = Object.keys({ ...sharedSettings(), ...(await ownSettings(name)) });
  const given = Object.keys(file.services[name]?.environment ?? {}).filter((setting) => !setting.startsWith('OTEL_'));
  expect(given.filter((setting) => !known.includes(setting))).toEqual([]);
});

test.each([...servers, 'mail'])('%s has a health check', (name) => {
  expect(file.services[name]?.healthcheck?.test?.[0]).toMatch(/^CMD/);
});

test.each(ours)('%s runs its own main.ts after the set-up, and keeps the health check of its image', (name) => {
  const service = file.services[name];
  expect(service?.command).toEqual(['node', ...nodeFlagsOf(name), `services/${name}/src/main.ts`]);
  expect(service?.healthcheck).toBeUndefined();
  expect(service?.depends_on).toMatchObject({
    setup: { condition: 'service_completed_successfully' },
    kafka: { condition: 'service_healthy' },
    registry: { condition: 'service_healthy' },
    database: { condition: 'service_healthy' },
  });
  expect(service?.environment).toMatchObject({ KAFKA_BROKERS: 'kafka:9092', DATABASE_URL: expect.stringContaining('@database:3306/') });
});

test('the set-up runs the three deploy steps, which exist', () => {
  const steps = [...(file.services.setup?.command?.join(' ') ?? '').matchAll(/tools\/deploy\/[\w-]+\.ts/g)].map(([step]) => step);
  expect(steps).toEqual(['tools/deploy/db-migrate.ts', 'tools/deploy/schemas-register.ts', 'tools/deploy/topics-apply.ts']);
  for (const step of steps) expect(existsSync(`${projectDir}/${step}`)).toBe(true);
});
