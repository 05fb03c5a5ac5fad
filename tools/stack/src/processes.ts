import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

/** A server of a stack: it outlives this process, and its pid file finds it again. */
export interface ServerProcess {
  label: string;
  pidFile: string;
  logFile: string;
  /** A text that only this server's command line holds: a pid that was given to another process is never taken for it. */
  mark: string;
}

export function startProcess(server: ServerProcess, command: string, args: string[], options: { cwd: string }): void {
  const log = openSync(server.logFile, 'a');
  const child = spawn(command, args, { cwd: options.cwd, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', () => {});
  if (child.pid === undefined) throw new StackError(`Expected ${server.label} to start, but ${command} could not be run.`);
  writeFileSync(server.pidFile, `${child.pid}\n`);
  child.unref();
}

/** The pid of the running server, or null. A pid file left by a killed one counts for nothing. */
export function runningPid(server: ServerProcess): number | null {
  if (!existsSync(server.pidFile)) return null;
  const pid = Number(readFileSync(server.pidFile, 'utf8').trim());
  return Number.isInteger(pid) && pid > 1 && commandLine(pid).includes(server.mark) ? pid : null;
}

/** Ends the server and returns once it is gone: SIGTERM, and SIGKILL where that takes over 30 s. */
export async function stopProcess(server: ServerProcess): Promise<void> {
  await endProcess(server, 'SIGTERM', 30_000);
  await endProcess(server, 'SIGKILL', 10_000);
  rmSync(server.pidFile, { force: true });
}

/** kill −9; the pid file stays, as it does after a crash. */
export async function killProcess(server: ServerProcess): Promise<void> {
  await endProcess(server, 'SIGKILL', 10_000);
}

/** Polls until the server answers. Rejects with the end of its log when it dies or does not answer in time. */
export async function untilAnswering(server: ServerProcess, answers: () => Promise<boolean>, timeoutMs = 90_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await answers())) {
    const died = runningPid(server) === null;
    if (died || performance.now() > deadline) {
      const what = died ? 'it ended' : `it did not within ${timeoutMs / 1000} s`;
      throw new StackError(`Expected ${server.label} to answer, but ${what}; the end of ${server.logFile}:\n${tail(server.logFile, 15)}`);
    }
    await delay(50);
  }
}

export function tail(file: string, lines: number): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}

async function endProcess(server: ServerProcess, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  const pid = runningPid(server);
  if (pid === null) return;
  process.kill(pid, signal);
  const deadline = performance.now() + timeoutMs;
  while (!hasEnded(pid) && performance.now() < deadline) await delay(20);
}

// A process that is dying has no command line any more, but keeps its ports until its last thread is gone. Where nobody reaps it, it stays a zombie.
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return false;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.charAt(stat.lastIndexOf(')') + 2);
    return state === 'Z' && readdirSync(`/proc/${pid}/task`).length === 1;
  } catch {
    return true;
  }
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
