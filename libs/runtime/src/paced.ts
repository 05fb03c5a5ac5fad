import { setTimeout as sleep } from 'node:timers/promises';

/** Monotonic, in ms; a sleep that is aborted just ends. */
interface Pacer {
  elapsed(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<unknown>;
}

const systemPacer: Pacer = {
  elapsed: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};

/** The database has about as much to do for a deletion again after it. */
const restRatio = 2;

/**
 * Runs one step of a long piece of background work, then rests for twice as long as the step took, so that what users wait for finds the
 * database free most of the time. The rest ends where the signal is aborted; the step does not. A step that fails is not rested after.
 */
export async function paced<T>(step: () => Promise<T>, signal?: AbortSignal, pacer: Pacer = systemPacer): Promise<T> {
  const startedAt = pacer.elapsed();
  const result = await step();
  await pacer.sleep(restRatio * (pacer.elapsed() - startedAt), signal);
  return result;
}
