import { readdirSync, rmdirSync } from 'node:fs';
import { removeStack, type StackOptions, stackEnv, startStack } from '@millrace/stack';

export interface TestStack extends AsyncDisposable {
  env: Record<string, string>;
}

/** A stack on free ports with its data under `directory`; it is gone once disposed. */
export async function startTestStack(directory: string): Promise<TestStack> {
  const options: StackOptions = { dir: directory, ports: 'free', log: (line) => console.error(`stack: ${line}`) };
  const stack = await startStack(options).catch((error) => {
    if (readdirSync(directory).length === 0) rmdirSync(directory);
    throw error;
  });
  return {
    env: stackEnv(stack),
    [Symbol.asyncDispose]: async () => removeStack(stack),
  };
}
