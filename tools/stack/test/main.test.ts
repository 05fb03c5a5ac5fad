import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectDir } from '../src/project.ts';
import { temporaryFolder } from './temporary-folder.ts';

function stack(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${projectDir}/tools/stack/src/main.ts`, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, STACK: 'native', STACK_DIR: temporaryFolder(), KAFKA_PORT: '29092', ...env },
  });
  return { status, stdout, stderr };
}

test('env prints what a shell can take over, and nothing else', () => {
  expect(stack(['env'])).toEqual({
    status: 0,
    stderr: '',
    stdout: [
      'KAFKA_BROKERS=127.0.0.1:29092',
      'SCHEMA_REGISTRY_URL=http://127.0.0.1:18081/apis/ccompat/v7',
      'DATABASE_URL=mysql://millrace:millrace@127.0.0.1:13306/millrace',
      'API_URL=http://127.0.0.1:8080\n',
    ].join('\n'),
  });
});

test('the status of a stack that never ran is stopped, and 1', () => {
  const { status, stdout } = stack(['status']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^kafka +stopped +127\.0\.0\.1:29092\nregistry +stopped .*\ndatabase +stopped .*\n$/);
});

test('a stack that runs elsewhere is not stopped, and down says so', () => {
  const addresses = { KAFKA_BROKERS: 'a:1', SCHEMA_REGISTRY_URL: 'http://a:2', DATABASE_URL: 'mysql://a/b' };
  expect(stack(['down'], { STACK: 'external', ...addresses })).toMatchObject({
    status: 0,
    stderr: 'stack: nothing to stop: all of it runs elsewhere\n',
  });
});

test.each([
  [[], 'stack: usage: npm run stack -- up | down | status | reset | logs [kafka | registry | database] | env\n'],
  [['constructor'], 'stack: usage: npm run stack -- up | down | status | reset | logs [kafka | registry | database] | env\n'],
  [['logs', 'broker'], 'stack: Expected one of kafka, registry, database, but "broker" is none.\n'],
])('%j is refused in one line', (args, stderr) => {
  expect(stack(args)).toEqual({ status: 1, stdout: '', stderr });
});
