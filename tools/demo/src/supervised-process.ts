import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Preloaded into a process (`node --import`) that has an IPC channel to its parent: it ends when the parent does, kill -9 included. */
export const exitWithParent = new URL('./exit-with-parent.ts', import.meta.url).href;

export interface SupervisedProcess {
  pid: number;
  /** How it ended, in words for a log line. */
  ended: Promise<string>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL once `boundMs` is over. */
  stop(boundMs: number): Promise<void>;
}

/** Starts `node <script>` with its output appended to a file. The process ends when this one does, kill -9 included. */
export function startProcess(options: {
  nodeFlags?: readonly string[];
  script: string;
  cwd: string;
  env: Record<string, string>;
  logFile: string;
}): SupervisedProcess {
  const log = openSync(options.logFile, 'a');
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), '--disable-warning=ExperimentalWarning', '--import', exitWithParent, options.script],
    {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', log, log, 'ipc'],
    },
  );
  closeSync(log);
  // The channel is only there so that its end tells the child; it must not keep this process alive.
  child.unref();
  child.channel?.unref();
  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const ended = describeEnd(child);
  return {
    pid: child.pid ?? -1,
    ended,
    isRunning,
    kill: (signal) => void child.kill(signal),
    async stop(boundMs) {
      if (!isRunning()) return;
      // Referenced again, or the wait for its end could be the last thing that keeps this process alive.
      child.ref();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), boundMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function describeEnd(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `exited with ${code}` : `was ended by ${signal}`;
  } catch (error) {
    return `could not be started (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** The last lines of a log file, for a message about a process that would not start. */
export function readLogTail(logFile: string, lines = 15): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
