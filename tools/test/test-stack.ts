import { removeStack, stackEnv, startStack } from '@millrace/stack';

export interface TestStack extends AsyncDisposable {
  env: Record<string, string>;
}

/** A stack on free ports with its data under `directory`; it is gone once disposed. */
export async function startTestStack(directory: string): Promise<TestStack> {
  const stack = await startStack({ dir: directory, ports: 'free', log: (line) => console.error(`stack: ${line}`) });
  return {
    env: stackEnv(stack),
    [Symbol.asyncDispose]: async () => removeStack(stack),
  };
}
