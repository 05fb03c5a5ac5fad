import { type Logger, startLoop } from '@millrace/runtime';
import type { Pool } from 'mysql2/promise';
import { readDatabaseTime } from './sql/scheduler/read-database-time.ts';

const readEveryMs = 1_000;
/** A reading may be as late as it took: one that took longer than this, and than twice what the one before it did, is left out … */
const quickMs = 2;
/** … unless there was none for that long: a machine that was suspended has lost its monotonic time. */
const staleAfterMs = 10_000;
const stepMs = 1_000;
const firstReadingWithinMs = 2_000;

/** The one time that the services of an installation agree on. */
export interface DatabaseClock extends AsyncDisposable {
  /**
   * The database's time, ms since the epoch, carried on by this process's monotonic clock since it was last read. Where this machine's
   * own clock is set or stepped it goes on as before; where the database's is, it follows within some seconds and a warning says so.
   * Behind by a reading's way back, never ahead.
   */
  nowMs(): number;
}

/** Reads the database's clock once a second. While the database hasn't answered yet, it is this machine's time as it was at the call. */
export async function startDatabaseClock({ pool }: { pool: Pool }, logger: Logger): Promise<DatabaseClock> {
  let offsetMs = Date.now() - performance.now();
  let last: { atMs: number; tookMs: number } | null = null;
  const { promise: firstReading, resolve } = Promise.withResolvers<void>();
  const loop = startLoop({
    name: "database's clock",
    everyMs: readEveryMs,
    logger,
    async runOnce() {
      try {
        const askedAt = performance.now();
        const databaseMs = await readDatabaseTime(pool);
        const answeredAt = performance.now();
        const tookMs = answeredAt - askedAt;
        if (last !== null && tookMs > Math.max(quickMs, 2 * last.tookMs) && answeredAt - last.atMs < staleAfterMs) return;
        const nextMs = databaseMs - answeredAt;
        if (last !== null && Math.abs(nextMs - offsetMs) > stepMs)
          logger.warn({ stepMs: Math.round(nextMs - offsetMs) }, "the database's clock has stepped");
        offsetMs = nextMs;
        last = { atMs: answeredAt, tookMs };
      } catch (error) {
        logger.debug({ err: error }, "the database's clock could not be read");
      } finally {
        resolve();
      }
    },
  });
  const timer = setTimeout(resolve, firstReadingWithinMs);
  await firstReading;
  clearTimeout(timer);
  return { nowMs: () => Math.floor(performance.now() + offsetMs), [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose]() };
}
