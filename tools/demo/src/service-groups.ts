import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from 'kafkajs';

const boundMs = 45_000;

/**
 * Other services on the same stack would take a share of the run's messages, with sinks of their own. Waits while members of a run
 * that was killed are still counted, and throws when they stay.
 */
export async function awaitNoOtherServices(admin: Admin, groupPrefix: string, log: (line: string) => void): Promise<void> {
  const groupIds = ['trigger-matcher', 'executor', 'audit-logger'].map((name) => `${groupPrefix}${name}`);
  const deadline = performance.now() + boundMs;
  let said = false;
  for (;;) {
    const { groups } = await admin.describeGroups(groupIds);
    const busy = groups.filter((group) => group.members.length > 0).map((group) => group.groupId);
    if (busy.length === 0) return;
    if (performance.now() > deadline) {
      throw new Error(
        `Expected no other services on this stack, but ${busy.join(', ')} have members: is \`npm start\` or another demo running? Stop it first.`,
      );
    }
    if (!said) log(`waiting for other services on this stack to leave (${busy.join(', ')})`);
    said = true;
    await delay(500);
  }
}
