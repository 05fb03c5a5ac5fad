import { runTool } from '@millrace/testing';
import { expect, test } from 'vitest';

const given = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL'].flatMap((name) =>
  process.env[name] === undefined ? [] : [[name, process.env[name]]],
);
const env: Record<string, string> = Object.fromEntries(given);

test('without its topics it says what is missing, and how to make them', async () => {
  const { code, stdout, stderr } = await runTool('accounts', [], { ...env, TOPIC_PREFIX: 'nowhere.' });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^accounts: Expected the topics of Millrace, but there is no nowhere\.crm\.events.*npm run topics:apply\n$/);
});

test('without a database it says so', async () => {
  const { code, stderr } = await runTool('accounts', [], { ...env, DATABASE_URL: 'mysql://a:b@127.0.0.1:1/none' });
  expect(code).toBe(1);
  expect(stderr).toBe('accounts: Expected an answer from the database, but got ECONNREFUSED\n');
});

test('bad options are an error that names them', async () => {
  const { code, stderr } = await runTool('accounts', ['--bogus'], env);
  expect(code).toBe(2);
  expect(stderr).toContain("Unknown option '--bogus'");
});
