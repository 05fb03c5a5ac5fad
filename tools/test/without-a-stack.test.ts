import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectDir } from '../stack/src/project.ts';

test('tests that need a stack which can’t be had end with one line that says why', () => {
  const env = { PATH: '/nowhere', STACK: 'docker' };
  const { status, stderr } = spawnSync(process.execPath, ['tools/test.ts', 'integration'], { cwd: projectDir, env, encoding: 'utf8' });
  expect(stderr).toMatch(/^stack: Docker is needed to run the stack in it, but it was not found: .*\n$/);
  expect(status).toBe(1);
});
