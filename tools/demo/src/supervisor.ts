import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFlagsOf } from '@millrace/stack';
import { findFreePort } from './free-port.ts';
import { readLogTail, type SupervisedProcess, startProcess } from './supervised-process.ts';

export const serviceNames = ['definitions-api', 'trigger-matcher', 'executor', 'scheduler', 'audit-logger'] as const;
export type ServiceName = (typeof serviceNames)[number];

const readyBoundMs = 90_000;
const stopBoundMs = 30_000;
/** Then whoever waits for the service is told; it goes on being started. */
const deathsTooMany = 6;
/** A service that lived this long starts its count of deaths again. */
const longLifeMs = 30_000;

export interface SupervisorOptions {
  /** The project's folder. */
  root: string;
  /** One file a service. */
  logDir: string;
  services?: readonly ServiceName[];
  /** Beside this process's own environment. */
  env: Record<string, string>;
  log: (line: string) => void;
}

export interface Supervisor extends AsyncDisposable {
  healthUrl(name: ServiceName): string;
  pid(name: ServiceName): number;
  /** Services that died without being asked to and were started again, in order. */
  restarts: { service: ServiceName; cause: string }[];
  /** Resolves when every service answers 200 on /health/ready; rejects when one doesn't in time or keeps dying. */
  whenReady(name?: ServiceName): Promise<void>;
  kill(name: ServiceName, signal: NodeJS.Signals): void;
  /** Ends a service and leaves it ended. */
  stop(name: ServiceName): Promise<void>;
  start(name: ServiceName): void;
}

interface Supervised {
  name: ServiceName;
  healthPort: number;
  logFile: string;
  process: SupervisedProcess | null;
  wanted: boolean;
  deathsInARow: number;
  failing: string | null;
}

/** Runs services as processes of their own and starts again what dies. None of them outlives this process. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  mkdirSync(options.logDir, { recursive: true });
  const restarts: Supervisor['restarts'] = [];
  const supervisedBy = new Map<ServiceName, Supervised>();

  const launch = (service: Supervised) => {
    service.wanted = true;
    const started = startProcess({
      nodeFlags: nodeFlagsOf(service.name),
      script: join(options.root, 'services', service.name, 'src', 'main.ts'),
      cwd: options.root,
      env: { ...inheritedEnv(), ...options.env, HEALTH_PORT: String(service.healthPort) },
      logFile: service.logFile,
    });
    service.process = started;
    const startedAtMs = performance.now();
    started.ended.then(async (cause) => {
      if (!service.wanted || service.process !== started) return;
      service.deathsInARow = performance.now() - startedAtMs > longLifeMs ? 1 : service.deathsInARow + 1;
      if (service.deathsInARow >= deathsTooMany) service.failing = `it ${cause} ${service.deathsInARow} times in a row`;
      restarts.push({ service: service.name, cause });
      options.log(`${service.name} ${cause}; starting it again`);
      await delay(Math.min(100 * 2 ** (service.deathsInARow - 1), 5000), undefined, { ref: false });
      if (service.wanted && service.process === started) launch(service);
    });
  };

  const get = (name: ServiceName): Supervised => {
    const service = supervisedBy.get(name);
    if (service === undefined) throw new Error(`Expected a supervised service, but ${name} isn't one`);
    return service;
  };

  const awaitReady = async (service: Supervised) => {
    const deadline = performance.now() + readyBoundMs;
    while (!(await answersReady(service.healthPort))) {
      if (service.failing !== null || performance.now() > deadline) {
        const what = service.failing ?? `it was not ready within ${readyBoundMs / 1000} s`;
        throw new Error(
          `Expected ${service.name} to become ready, but ${what}. The end of ${service.logFile}:\n${readLogTail(service.logFile)}`,
        );
      }
      await delay(100);
    }
    service.deathsInARow = 0;
    service.failing = null;
  };

  for (const name of options.services ?? serviceNames) {
    const logFile = join(options.logDir, `${name}.log`);
    supervisedBy.set(name, {
      name,
      healthPort: await findFreePort(),
      logFile,
      process: null,
      wanted: false,
      deathsInARow: 0,
      failing: null,
    });
  }
  for (const service of supervisedBy.values()) launch(service);

  const stop = async (service: Supervised) => {
    service.wanted = false;
    await service.process?.stop(stopBoundMs);
  };

  return {
    restarts,
    healthUrl: (name) => `http://127.0.0.1:${get(name).healthPort}`,
    pid: (name) => get(name).process?.pid ?? -1,
    whenReady: async (name) => {
      await Promise.all((name === undefined ? [...supervisedBy.values()] : [get(name)]).map(awaitReady));
    },
    kill: (name, signal) => get(name).process?.kill(signal),
    stop: (name) => stop(get(name)),
    start: (name) => launch(get(name)),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...supervisedBy.values()].map(stop));
    },
  };
}

async function answersReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

function inheritedEnv(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
