import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { openStack, removeStack, type StackOptions, stackEnv, startStack } from '@millrace/stack';

export interface TestStack extends AsyncDisposable {
  env: Record<string, string>;
}

/**
 * A stack on free ports with its data under `directory`; it is gone once disposed. So is the one that a test started for itself in
 * OWN_STACK_DIR and, ended from outside, has left.
 */
export async function startTestStack(directory: string): Promise<TestStack> {
  const options: StackOptions = { dir: directory, ports: 'free', log: (line) => console.error(`stack: ${line}`) };
  const stack = await startStack(options).catch((error) => {
    if (readdirSync(directory).length === 0) rmdirSync(directory);
    throw error;
  });
  const ownDir = `${stack.dir}/own-stack`;
  return {
    env: { ...stackEnv(stack), OWN_STACK_DIR: ownDir },
    async [Symbol.asyncDispose]() {
      if (existsSync(ownDir)) await removeStack(await openStack({ dir: ownDir, ports: 'free' }));
      await removeStack(stack);
    },
  };
}
