import type { ServiceName } from '@millrace/demo';
import { freePort } from './free-port.ts';
import { type ServiceProcess, startService } from './service-process.ts';

/** Services of one installation, each a process of its own that a test may end and start again. */
export interface Services extends AsyncDisposable {
  readonly names: readonly ServiceName[];
  get(name: ServiceName): ServiceProcess;
  /** Starts one more of a service beside those that run; resolved once it is ready. `end` and `restart` are not about it. */
  add(name: ServiceName): Promise<ServiceProcess>;
  /** The one of `get` and those that were added. */
  all(name: ServiceName): readonly ServiceProcess[];
  healthUrl(name: ServiceName): string;
  /** Sends the signal and waits for the end: the exit code, or the signal that ended it. */
  end(name: ServiceName, signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** Starts an ended service again, on the ports that it had; resolved once it is ready. */
  restart(name: ServiceName): Promise<void>;
  /** Starts again what has ended. */
  restartEnded(): Promise<void>;
  /** What all processes of this name have written to their logs, the ended ones first. */
  output(name: ServiceName): string;
}

/** Starts services side by side and waits until all are ready. */
export async function startServices(names: readonly ServiceName[], env: Record<string, string>): Promise<Services> {
  const runsBy = new Map<ServiceName, ServiceProcess[]>();
  const runsOf = (name: ServiceName): ServiceProcess[] => {
    const runs = runsBy.get(name);
    if (runs === undefined) throw new Error(`Expected a service of this installation, but ${name} isn't one`);
    return runs;
  };
  const get = (name: ServiceName) => runsOf(name).at(-1) as ServiceProcess;
  const added: { name: ServiceName; process: ServiceProcess }[] = [];
  const stop = async () => {
    const running = [...[...runsBy.values()].map((runs) => runs.at(-1)), ...added.map(({ process }) => process)];
    await Promise.all(running.map((each) => each?.[Symbol.asyncDispose]()));
  };
  const restart = async (name: ServiceName) => {
    runsOf(name).push(await startService(name, env, get(name).healthPort));
  };
  const started = await Promise.allSettled(names.map(async (name) => runsBy.set(name, [await startService(name, env, await freePort())])));
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return {
    names,
    get,
    async add(name) {
      const process = await startService(name, env, await freePort());
      added.push({ name, process });
      return process;
    },
    all: (name) => [get(name), ...added.filter((each) => each.name === name).map(({ process }) => process)],
    healthUrl: (name) => `http://127.0.0.1:${get(name).healthPort}`,
    async end(name, signal) {
      get(name).kill(signal);
      return get(name).exited;
    },
    restart,
    async restartEnded() {
      await Promise.all(names.filter((name) => get(name).hasEnded).map(restart));
    },
    output: (name) => (runsBy.get(name) ?? []).map((run) => run.output()).join(''),
    [Symbol.asyncDispose]: stop,
  };
}
