import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { withLock } from './lock.mjs';

const ignore = () => {};

function lockFile(): string {
  const folder = mkdtempSync(`${tmpdir()}/millrace-lock-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return `${folder}/lock`;
}

/** A process that holds the lock until it is killed. */
async function holder(file: string) {
  const program = `import { withLock } from ${JSON.stringify(import.meta.resolve('./lock.mjs'))};
    await withLock(process.argv[1], () => {}, () => { process.stdout.write('held'); return new Promise((r) => setTimeout(r, 60_000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('work is done alone, and the lock is gone after it, also where it throws', async () => {
  const file = lockFile();
  expect(await withLock(file, ignore, async () => existsSync(file))).toBe(true);
  await expect(withLock(file, ignore, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(file)).toBe(false);
});

test('who waits is told for whom, and goes on when that one is killed', async () => {
  const file = lockFile();
  const child = await holder(file);
  const { promise: waits, resolve } = Promise.withResolvers<number>();
  const worked = withLock(file, resolve, async () => 'worked');
  expect(await waits).toBe(child.pid);
  child.kill('SIGKILL');
  expect(await worked).toBe('worked');
});

test('the lock of a process that is gone is taken over, also where its number is used again', async () => {
  const file = lockFile();
  writeFileSync(file, `${process.pid} 1`);
  expect(await withLock(file, ignore, async () => 'worked')).toBe('worked');
});
