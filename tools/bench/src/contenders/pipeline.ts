import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitWithParent } from '@millrace/demo';
import { startMillrace } from '@millrace/testing';
import type { BenchContext } from '../benchmark.ts';
import { workflowW } from '../workload.ts';
import type { Contender } from './contender.ts';
import { runOwnRound } from './own-round.ts';

const roles = ['matcher', 'executor', 'audit-logger'] as const;

/**
 * Another three processes on topics and tables of their own of the same servers: those of `peers/<variant>`. They read the workflows when they
 * start, so all rounds' tenants are there before; there may be no more rounds than `rounds`.
 */
export async function startPipeline(variant: 'naive' | 'bare', rounds: number, { stackEnv, serverPids }: BenchContext): Promise<Contender> {
  await using starting = new AsyncDisposableStack();
  const millrace = starting.use(await startMillrace(`bench-${variant}`, { stackEnv: await stackEnv(), services: ['definitions-api'] }));
  for (let round = 0; round < rounds; round += 1) await millrace.publishWorkflow(`bench-${round}`, workflowW);
  const pids: Record<string, number> = await serverPids();
  for (const role of roles) {
    const child = starting.use(await startRole(`${variant}/${role}.ts`, millrace.installation.env));
    pids[role] = child.pid;
  }
  const running = starting.move();
  let round = 0;
  return {
    runRound: (events) => runOwnRound(millrace, `bench-${round++}`, events, pids),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface Role extends AsyncDisposable {
  pid: number;
}

/** Resolved once the process says that it is ready. */
async function startRole(script: string, env: Record<string, string>): Promise<Role> {
  const path = fileURLToPath(new URL(`../../peers/${script}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', exitWithParent, path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended.then(([code]) => Promise.reject(new Error(`${script} has ended with ${code}`)))]);
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
