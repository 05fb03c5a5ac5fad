import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

export interface BatchesOptions<T> {
  name: string;
  /** At most so many items a batch. */
  maxItems: number;
  /** Handles one batch. Whatever it throws, the same batch is handed over again after a pause; so it must be safe to repeat. */
  runBatch: (items: readonly T[]) => Promise<void>;
  logger: Logger;
  /** First and longest pause after a failure, in milliseconds. */
  pauseMs?: { first: number; longest: number };
}

export interface Batches<T> extends AsyncDisposable {
  /** Adds items in order; never waits. What bounds memory is the caller's own flow control. */
  push(items: readonly T[]): void;
  /** Items that are queued or in the running batch. */
  readonly size: number;
  /** True while the batch that runs has failed and waits for its next try. */
  readonly failing: boolean;
}

/** One batch in flight; what was pushed meanwhile is the next one: batches grow with the load, without a timer. Disposing gives up what is left. */
export function startBatches<T>({
  name,
  maxItems,
  runBatch,
  logger,
  pauseMs = { first: 100, longest: 2000 },
}: BatchesOptions<T>): Batches<T> {
  const stopping = new AbortController();
  let queue: T[] = [];
  let taken = 0;
  let failing = false;
  let running: Promise<void> | undefined;

  const runUntilDone = async (items: readonly T[]) => {
    for (let pause = pauseMs.first; !stopping.signal.aborted; pause = Math.min(pause * 2, pauseMs.longest)) {
      try {
        await runBatch(items);
        failing = false;
        return;
      } catch (error) {
        failing = true;
        logger.warn({ err: error, batches: name, items: items.length, pause_ms: pause }, 'a batch failed and is tried again');
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const run = async () => {
    while (queue.length > 0 && !stopping.signal.aborted) {
      const items = queue.length <= maxItems ? queue : queue.slice(0, maxItems);
      queue = items === queue ? [] : queue.slice(maxItems);
      taken = items.length;
      await runUntilDone(items);
      taken = 0;
    }
    running = undefined;
  };

  return {
    push(items) {
      for (const item of items) queue.push(item);
      if (running === undefined && queue.length > 0) running = run();
    },
    get size() {
      return queue.length + taken;
    },
    get failing() {
      return failing;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
