import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@millrace/runtime';
import type { Session } from './session.ts';

export interface Supervisor {
  /** The running session. */
  current(): Session | undefined;
  /** Ends the session and opens no other. */
  stop(): Promise<void>;
}

const shortestPauseMs = 250;
const longestPauseMs = 3_000;
const closeWithinMs = 5_000;

/** Opens a session whenever there is none, until it is stopped. */
export function superviseSessions(open: () => Promise<Session>, logger: Logger): Supervisor {
  const stopping = new AbortController();
  const { signal } = stopping;
  let session: Session | undefined;

  const runOne = async (): Promise<void> => {
    session = await open();
    if (!signal.aborted) {
      const stopped = new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped'), { once: true }));
      const reason = await Promise.race([session.ended, stopped]);
      if (!signal.aborted) logger.warn({ reason }, 'the consumer has ended and is built anew');
    }
    const closed = session.close();
    session = undefined;
    await Promise.race([closed, delay(closeWithinMs, undefined, { ref: false })]);
  };

  const run = async () => {
    let pauseMs = shortestPauseMs;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        await runOne();
      } catch (error) {
        logger.warn({ err: error }, 'the consumer could not start');
      }
      pauseMs = performance.now() - startedAt > 30_000 ? shortestPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      if (!signal.aborted) await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  };
  const done = run();

  return {
    current: () => session,
    async stop() {
      stopping.abort();
      await Promise.race([done, delay(closeWithinMs, undefined, { ref: false })]);
    },
  };
}
