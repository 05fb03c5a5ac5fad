import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * For long calculations in steps: call the answer between two steps and await it. Once they have held the event loop for
 * `afterMs`, timers and I/O (heartbeats, leases, health) get their turn; before that it costs next to nothing.
 */
export function createGiveWay(afterMs = 10): () => Promise<void> | undefined {
  let heldSince = performance.now();
  const giveWay = async () => {
    await nextTurn();
    heldSince = performance.now();
  };
  return () => (performance.now() - heldSince < afterMs ? undefined : giveWay());
}
