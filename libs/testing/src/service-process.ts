import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitWithParent } from '@millrace/demo';
import { nodeFlagsOf } from '@millrace/stack';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const stopBoundMs = 30_000;

/** A service in a process of its own. */
export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number;
  readonly healthPort: number;
  /** Everything that it wrote to its log. */
  output(): string;
  ready(): Promise<Record<string, unknown>>;
  kill(signal: NodeJS.Signals): void;
  readonly hasEnded: boolean;
  /** The exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>;
}

/**
 * Starts `services/<name>/src/main.ts` with these settings and waits until it says that it is ready. Disposing ends it with
 * SIGTERM, and throws where that takes over 30 s. It never outlives this process.
 */
export async function startService(name: string, env: Record<string, string>, healthPort: number): Promise<ServiceProcess> {
  const child: ChildProcess = spawn(process.execPath, [...nodeFlagsOf(name), '--import', exitWithParent, `services/${name}/src/main.ts`], {
    cwd: root,
    env: { PATH: process.env.PATH, HEALTH_PORT: String(healthPort), LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ready = async () => {
    if (hasEnded()) throw new Error(`${name} has ended:\n${output}`);
    const response = await fetch(`http://127.0.0.1:${healthPort}/health/ready`);
    if (!response.ok) throw new Error(`${name} isn't ready: ${await response.text()}\n${output}`);
    return (await response.json()) as Record<string, unknown>;
  };
  try {
    await Promise.race([eventually(ready, { timeoutMs: 30_000, everyMs: 100 }), exited.then(ready)]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid as number,
    healthPort,
    output: () => output,
    ready,
    get hasEnded() {
      return hasEnded();
    },
    kill: (signal) => child.kill(signal),
    exited,
    async [Symbol.asyncDispose]() {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopBoundMs);
      const end = await exited;
      clearTimeout(timer);
      if (end === 'SIGKILL') throw new Error(`Expected ${name} to end within ${stopBoundMs} ms of SIGTERM, but it did not`);
    },
  };
}
