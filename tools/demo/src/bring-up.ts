import { fileURLToPath } from 'node:url';
import { applyTopics, busSettings, clusterOptions, registryOptions } from '@millrace/bus';
import { databaseSettings, migrate } from '@millrace/db';
import { registerSchemas } from '@millrace/messages';
import { createLogger, parseConfig } from '@millrace/runtime';
import { defaultStackDir, openStack, stackEnv, stackStatus, startStack, stopStack } from '@millrace/stack';
import { z } from 'zod';

export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export interface RunningStack extends AsyncDisposable {
  /** The settings with which services and clients find the stack. */
  env: Record<string, string>;
}

/** Starts the stack where it isn't up, and stops it at the end only then. */
export async function bringUpStack(log: (line: string) => void): Promise<RunningStack> {
  const dir = defaultStackDir;
  const before = Object.values(await stackStatus(await openStack({ dir })));
  const wasUp = before.some((state) => state !== 'stopped');
  const stack = await timed(wasUp ? 'the stack is up already' : 'stack started', log, () =>
    startStack({ dir, log: (line) => log(`  ${line}`) }),
  );
  return {
    env: stackEnv(stack),
    async [Symbol.asyncDispose]() {
      if (!wasUp) await timed('stack stopped', log, () => stopStack(stack));
    },
  };
}

/** The three deploy steps; each is safe to repeat. */
export async function deploy(env: Record<string, string | undefined>, log: (line: string) => void): Promise<void> {
  const config = parseConfig(z.object({ ...busSettings, ...databaseSettings }), env);
  const logger = createLogger('deploy', 'warn');
  await timed('tables migrated', log, () => migrate({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL }));
  await timed('schemas registered', log, () => registerSchemas(registryOptions(config)));
  await timed('topics applied', log, () => applyTopics({ ...clusterOptions(config), logger }));
}

/** Says what was done and how long it took. */
export async function timed<T>(what: string, log: (line: string) => void, run: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await run();
  log(`${what} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
  return result;
}
