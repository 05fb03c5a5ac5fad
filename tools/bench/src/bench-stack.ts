import { removeStack, type Stack, stackEnv, startStack } from '@millrace/stack';

export interface BenchStack extends AsyncDisposable {
  /** Starts it at the first call. */
  env(): Promise<Record<string, string>>;
}

/** A stack of its own on free ports, started when first needed and gone at the end; the one that KAFKA_BROKERS and the like name where they are set. */
export function openBenchStack(say: (line: string) => void): BenchStack {
  let started: Promise<Stack> | undefined;
  const named = process.env.KAFKA_BROKERS === undefined ? undefined : (process.env as Record<string, string>);
  return {
    env: async () => {
      if (named !== undefined) return named;
      started ??= startStack({ dir: `.millrace/bench-${process.pid}`, ports: 'free', log: say });
      return stackEnv(await started);
    },
    async [Symbol.asyncDispose]() {
      if (started !== undefined) await removeStack(await started);
    },
  };
}
