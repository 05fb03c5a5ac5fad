import { createInstallation } from '@millrace/testing';
import { expect, test } from 'vitest';
import { runStepFile, type StepFile } from './run-step.ts';

test('each step may run again, and says that there was nothing to do', async () => {
  await using installation = await createInstallation('deploy');
  const steps = ['db-migrate', 'schemas-register', 'topics-apply'] as const;
  const [tables, schemas, topics] = await Promise.all(steps.map((step) => runStepFile(step, installation.env)));
  expect(tables).toEqual({ code: 0, stderr: '', stdout: 'db:migrate: the tables are up to date\n' });
  expect(topics).toEqual({ code: 0, stderr: '', stdout: 'topics:apply: 0 topics created, 12 were there\n' });
  expect(schemas).toMatchObject({ code: 0, stderr: '' });
  const subjects = ['crm.events', 'workflow.events', 'workflow.definitions', 'workflow.commands', 'workflow.execution-log', 'crm.commands'];
  const names = [...(schemas?.stdout ?? '').matchAll(/(\S+)-value \(id \d+\)/g)].map(([, name]) => name);
  expect(names).toEqual(subjects.map((name) => `${installation.prefix}${name}`));
});

test.each<[StepFile, Record<string, string>, RegExp]>([
  [
    'db-migrate',
    { DATABASE_URL: 'mysql://me:secret@127.0.0.1:1/millrace' },
    /^db:migrate: Expected an answer from the database, .*ECONNREFUSED.* \(DATABASE_URL is mysql:\/\/me:…@127\.0\.0\.1:1\/millrace\)\n$/,
  ],
  [
    'schemas-register',
    { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' },
    /^schemas:register: Expected the schema registry to answer, .* \(SCHEMA_REGISTRY_URL is http:\/\/127\.0\.0\.1:1\)\n$/,
  ],
  [
    'topics-apply',
    { KAFKA_BROKERS: '127.0.0.1:1' },
    /^topics:apply: Expected Kafka to answer, .*ECONNREFUSED.* \(KAFKA_BROKERS is 127\.0\.0\.1:1\)\n$/,
  ],
  [
    'topics-apply',
    { TENANT_SPREAD: '99', KAFKA_SSL: 'maybe' },
    /^topics:apply: Expected valid settings, but:\n {2}KAFKA_SSL: .*\n {2}TENANT_SPREAD: .*\n$/,
  ],
])('%s with %j fails with 1 and says where, without a password', async (step, env, stderr) => {
  expect(await runStepFile(step, env)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(stderr) });
});
