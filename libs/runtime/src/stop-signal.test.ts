import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const program = `
  import { aborted, stopSignal } from './libs/runtime/src/stop-signal.ts';
  const signal = stopSignal();
  process.stdout.write('ready\\n');
  const alive = setInterval(() => {}, 1000);
  await aborted(signal);
  process.stdout.write('stopping\\n');
  if (process.argv[1] !== 'slow') clearInterval(alive);
`;

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(text)) resolve();
      });
    });
  return { child, said, exited: once(child, 'exit') };
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets the process end by itself', async (signal) => {
  const { child, said, exited } = start();
  await said('ready');
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
});

test('a second signal ends a process that does not', async () => {
  const { child, said, exited } = start('slow');
  await said('ready');
  child.kill('SIGTERM');
  await said('stopping');
  child.kill('SIGTERM');
  expect(await exited).toEqual([130, null]);
});
