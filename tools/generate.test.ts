import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectDir } from './stack/src/project.ts';

test('the generated types are those of the schemas', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/generate.ts', '--check'], { cwd: projectDir, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
