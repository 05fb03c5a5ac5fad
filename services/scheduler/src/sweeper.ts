import type { Bus } from '@millrace/bus';
import { type Database, type DatabaseClock, findUnparkedInstances } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { type Logger, type Loop, startLoop } from '@millrace/runtime';
import type { Lease } from './lease.ts';
import { metrics } from './metrics.ts';
import { encodeResume } from './resume-command.ts';

const everyMs = 10_000;
const pageSize = 500;
const mostPages = 20;

interface Dependencies {
  db: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  lease: Pick<Lease, 'isHeld'>;
  clock: Pick<DatabaseClock, 'nowMs'>;
  /** How long nobody has touched an instance whose input is taken to be lost. */
  afterMs: number;
}

/**
 * Resumes instances that are neither terminal nor parked and that nobody has touched for minutes: whoever they belonged to is
 * gone, and nothing else would wake them. Walks through them page by page, at most so many a turn, and begins anew at the end.
 */
export function startSweeper({ db, bus, codec, logger, lease, clock, afterMs }: Dependencies): Loop {
  let afterId: string | null = null;
  return startLoop({
    name: 'untouched instances',
    everyMs: Math.min(everyMs, afterMs),
    logger,
    async runOnce(signal) {
      for (let pages = 0; pages < mostPages && lease.isHeld() && !signal.aborted; pages++) {
        const page = await findUnparkedInstances(db.pool, afterId, pageSize);
        const untouched = page.filter(({ updatedAtMs }) => clock.nowMs() - updatedAtMs > afterMs);
        if (untouched.length > 0) {
          await bus.publish(await Promise.all(untouched.map((row) => encodeResume(codec, row))));
          metrics.swept.add(untouched.length);
          logger.warn({ instances: untouched.length }, 'instances that nobody has touched are resumed');
        }
        afterId = page.length < pageSize ? null : (page.at(-1)?.id ?? null);
        if (afterId === null) return;
      }
    },
  });
}
