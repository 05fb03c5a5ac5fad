import type { Part } from './part.ts';
import type { StackPorts } from './ports.ts';
import { killProcess, runningPid, type ServerProcess, stopProcess, tail, untilAnswering } from './processes.ts';

export interface NativeSettings {
  dir: string;
  ports: StackPorts;
  log: (line: string) => void;
}

/** One server as this computer runs it. */
export interface NativeServer {
  server: ServerProcess;
  address: string;
  check: () => Promise<void>;
  /** Begins it; it is up once it `answers`. */
  launch: () => Promise<void>;
  answers: () => Promise<boolean>;
}

export function createNativePart({ server, address, check, launch, answers }: NativeServer, log: (line: string) => void): Part {
  const isRunning = async () => runningPid(server) !== null;
  return {
    label: server.label,
    address,
    runsElsewhere: false,
    isRunning,
    pid: () => runningPid(server),
    answers,
    check: async () => {
      if (!(await isRunning())) await check();
    },
    async start() {
      if (await isRunning()) return untilAnswering(server, answers);
      await check();
      const startedAt = performance.now();
      await launch();
      await untilAnswering(server, answers);
      log(`${server.label} answers at ${address} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    },
    stop: () => stopProcess(server),
    kill: () => killProcess(server),
    logs: async (lines) => tail(server.logFile, lines),
  };
}
