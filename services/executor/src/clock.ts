/** Time and chance as the engine has them: the system's, or those of a simulation. */
export interface Clock {
  /** ms since the epoch. The system's may step, the database's as every process carries it on does not. */
  now(): number;
  /** A monotonic clock, ms. */
  elapsed(): number;
  /** Resolved after so long, or as soon as the signal is aborted. Never rejected. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after so long, unless the process has nothing else left to do by then. */
  after(ms: number, call: () => void): void;
  /** Aborted after so long. */
  timeout(ms: number): AbortSignal;
  /** In [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep,
  after: (ms, call) => void setTimeout(call, ms).unref(),
  timeout: (ms) => AbortSignal.timeout(ms),
  random: () => Math.random(),
};

/** Not the one of node:timers/promises: an error with its stack for each call that is answered in time is a tenth of what a call costs. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
