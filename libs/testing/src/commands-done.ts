import { createKafka, findUndrained, parseStackSettings } from '@millrace/demo';
import { eventually } from './eventually.ts';
import type { Installation } from './installation.ts';

/** Resolved once the executor has dealt with every command until now, and its offsets say so. */
export async function commandsDone({ env, prefix }: Installation, timeoutMs = 30_000): Promise<void> {
  const admin = createKafka(parseStackSettings(env), 'test-commands-done').admin();
  await admin.connect();
  try {
    await eventually(
      async () => {
        const undrained = await findUndrained(admin, { topic: prefix, group: prefix });
        const executor = undrained.find(({ hop }) => hop === 'executor');
        if (executor !== undefined) throw new Error(`Expected no command to be left, but there are ${executor.lag}`);
      },
      { timeoutMs },
    );
  } finally {
    await admin.disconnect();
  }
}
