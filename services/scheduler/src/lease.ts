import { randomUUID } from 'node:crypto';
import { type Database, holdLease, releaseLease } from '@millrace/db';
import { type Logger, startLoop } from '@millrace/runtime';

const ttlMs = 1_200;
const renewEveryMs = 400;

export interface Lease extends AsyncDisposable {
  /** By this process's monotonic clock: never longer than the database grants it, but for the answer's way back. */
  isHeld(): boolean;
}

/**
 * Tries for a lease, keeps it, and gives it back when disposed. Whoever waits has it within 1.6 s of the holder's death.
 * It saves work, nothing depends on it: two holders send the same commands.
 */
export function startLease(db: Database, name: string, logger: Logger, onTaken: () => void): Lease {
  const holder = randomUUID();
  let heldUntil = 0;
  const isHeld = () => performance.now() < heldUntil;
  const loop = startLoop({
    name: 'lease',
    everyMs: renewEveryMs,
    logger,
    async runOnce() {
      const wasHeld = isHeld();
      const askedAt = performance.now();
      const held = await holdLease(db.pool, name, holder, ttlMs);
      heldUntil = held ? askedAt + ttlMs : 0;
      if (held === wasHeld) return;
      logger.info({ lease: name }, held ? 'lease taken' : 'lease lost');
      if (held) onTaken();
    },
  });
  return {
    isHeld,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      if (isHeld())
        await releaseLease(db.pool, name, holder).catch((error: unknown) => logger.warn({ err: error }, 'lease not given back'));
      heldUntil = 0;
    },
  };
}
