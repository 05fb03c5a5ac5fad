import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSupervisor } from './supervisor.ts';

const obedient = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end('{}')).listen(Number(process.env.HEALTH_PORT), '127.0.0.1');
process.on('SIGTERM', () => { console.log('stopped gracefully'); server.closeAllConnections(); server.close(); });
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'supervisor-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeService(name: string, code: string): void {
  mkdirSync(join(root, 'services', name, 'src'), { recursive: true });
  writeFileSync(join(root, 'services', name, 'src', 'main.ts'), code);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('Expected the condition to come true within 10 s');
    await delay(20);
  }
}

test('a service that is killed is started again and said so, and is stopped by SIGTERM at the end', async () => {
  writeService('executor', obedient);
  const lines: string[] = [];
  let pid: number;
  {
    await using supervisor = await startSupervisor({
      root,
      logDir: join(root, 'logs'),
      services: ['executor'],
      env: {},
      log: (line) => lines.push(line),
    });
    await supervisor.whenReady();
    const first = supervisor.pid('executor');
    supervisor.kill('executor', 'SIGKILL');
    await until(() => supervisor.pid('executor') !== first);
    await supervisor.whenReady();
    expect(lines).toEqual(['executor was ended by SIGKILL; starting it again']);
    expect(supervisor.restarts).toHaveLength(1);
    pid = supervisor.pid('executor');
    expect(isAlive(first)).toBe(false);
  }
  expect(isAlive(pid)).toBe(false);
  expect(readFileSync(join(root, 'logs', 'executor.log'), 'utf8')).toContain('stopped gracefully');
}, 20_000);

test('a service that cannot start is given up with the end of its log', async () => {
  writeService('executor', `console.error('no database here'); process.exit(3);`);
  await using supervisor = await startSupervisor({ root, logDir: join(root, 'logs'), services: ['executor'], env: {}, log: () => {} });
  await expect(supervisor.whenReady()).rejects.toThrow(/exited with 3 \d times in a row.*no database here/s);
}, 30_000);

test('services end when their supervisor is killed', async () => {
  writeService('executor', obedient);
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `import { startSupervisor } from ${JSON.stringify(new URL('./supervisor.ts', import.meta.url).href)};
       const supervisor = await startSupervisor({ root: ${JSON.stringify(root)}, logDir: ${JSON.stringify(join(root, 'logs'))}, services: ['executor'], env: {}, log: () => {} });
       await supervisor.whenReady();
       console.log(supervisor.pid('executor'));
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(output));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid));
}, 20_000);
