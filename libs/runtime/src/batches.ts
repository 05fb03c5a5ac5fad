import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** Decides what the next batch holds. */
export interface BatchQueue<T> {
  add(item: T): void;
  /** At most `max` items; empty only where nothing waits. */
  take(max: number): T[];
  readonly size: number;
}

export interface BatchesOptions<T> {
  name: string;
  /** At most so many items a batch. */
  maxItems: number;
  /** Handles one batch. Whatever it throws, the same batch is handed over again after a pause; so it must be safe to repeat. */
  runBatch: (items: readonly T[]) => Promise<void>;
  logger: Logger;
  /** First in, first out unless given. */
  queue?: BatchQueue<T>;
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
  queue = createQueue(),
  pauseMs = { first: 100, longest: 2000 },
}: BatchesOptions<T>): Batches<T> {
  const stopping = new AbortController();
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
    while (queue.size > 0 && !stopping.signal.aborted) {
      const items = queue.take(maxItems);
      taken = items.length;
      await runUntilDone(items);
      taken = 0;
    }
    running = undefined;
  };

  return {
    push(items) {
      for (const item of items) queue.add(item);
      if (running === undefined && queue.size > 0) running = run();
    },
    get size() {
      return queue.size + taken;
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

function createQueue<T>(): BatchQueue<T> {
  let items: T[] = [];
  return {
    add: (item) => void items.push(item),
    take(max) {
      const taken = items.length <= max ? items : items.slice(0, max);
      items = taken === items ? [] : items.slice(max);
      return taken;
    },
    get size() {
      return items.length;
    },
  };
}
