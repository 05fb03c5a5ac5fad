import { type Database, wakeAbandoned } from '@millrace/db';
import { counter, type Logger, type Loop, startLoop } from '@millrace/runtime';

const everyMs = 60_000;
const untouchedForMs = 5 * 60_000;
const mostAtOnce = 500;

const swept = counter('millrace_executor_swept_instances_total', 'Live instances that belonged to nobody, and were woken');

/** Wakes live instances without `wake_at` that nobody has touched for minutes: whatever has lost them, they go on. */
export function startSweep(database: Database, logger: Logger): Loop {
  return startLoop({
    name: 'sweep',
    everyMs,
    logger,
    async runOnce() {
      const nowMs = Date.now();
      const woken = await wakeAbandoned(database.pool, nowMs - untouchedForMs, nowMs, mostAtOnce);
      if (woken > 0) logger.warn({ instances: woken }, 'instances that nobody touched for minutes were woken');
      swept.add(woken);
    },
  });
}
