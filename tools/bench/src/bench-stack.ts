import { removeStack, type Stack, stackEnv, startStack } from '@millrace/stack';

export interface BenchStack extends AsyncDisposable {
  /** Starts it at the first call. */
  env(): Promise<Record<string, string>>;
  /** The database's and the broker's processes, where they are this machine's own. */
  serverPids(): Promise<Record<string, number>>;
}

/** A stack of its own on free ports, started when first needed and gone at the end; the one that KAFKA_BROKERS and the like name where they are set. */
export function openBenchStack(say: (line: string) => void): BenchStack {
  let started: Promise<Stack> | undefined;
  const named = process.env.KAFKA_BROKERS === undefined ? undefined : (process.env as Record<string, string>);
  const start = () => (started ??= startStack({ dir: `.millrace/bench-${process.pid}`, ports: 'free', log: say }));
  return {
    env: async () => named ?? stackEnv(await start()),
    async serverPids() {
      if (named !== undefined) return {};
      const { database, kafka } = (await start()).parts;
      const pids = Object.entries({ database: database.pid(), kafka: kafka.pid() });
      return Object.fromEntries(pids.filter((entry): entry is [string, number] => entry[1] !== null));
    },
    async [Symbol.asyncDispose]() {
      if (started !== undefined) await removeStack(await started);
    },
  };
}
