import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectDir } from './stack/src/project.ts';

test.each([
  ['the types of the messages are those of the schemas', 'tools/generate.ts'],
  ['the types of the client are those of the API', 'tools/client/generate.ts'],
])('%s', (_, generator) => {
  const { status, stderr } = spawnSync(process.execPath, [generator, '--check'], { cwd: projectDir, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
