import type { Logger } from './logger.ts';

export interface LoopOptions {
  name: string;
  /** From the end of a turn to the start of the next, in milliseconds. */
  everyMs: number;
  /** One turn. The signal aborts when the loop is being stopped. */
  runOnce: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
}

export interface Loop extends AsyncDisposable {
  /** Starts the next turn now; during a turn, right after it. */
  wake(): void;
}

/** Runs turns one after the other, the first at once. An error is logged and the loop goes on. Disposing waits for the running turn. */
export function startLoop({ name, everyMs, runOnce, logger }: LoopOptions): Loop {
  const stopping = new AbortController();
  let woken = false;
  let endPause: (() => void) | undefined;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async () => {
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        await runOnce(stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) break;
        logger.error({ err: error, loop: name }, 'a turn of the loop failed');
      }
      if (stopping.signal.aborted) break;
      if (!woken) await pause();
      endPause = undefined;
    }
  };
  const done = run();

  return {
    wake() {
      woken = true;
      endPause?.();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      endPause?.();
      await done;
    },
  };
}
