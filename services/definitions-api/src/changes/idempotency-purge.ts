import { type Database, translateDatabaseError } from '@millrace/db';
import { type Logger, type Loop, startLoop } from '@millrace/runtime';
import { keptHours } from './idempotency-key.ts';

/** In one statement, so that none holds its locks for long. */
const mostAtOnce = 1_000;

/** Deletes keys that are kept no longer, every ten minutes. Any number of processes may. */
export function startIdempotencyPurge({ database, logger }: { database: Database; logger: Logger }): Loop {
  return startLoop({
    name: 'idempotency-purge',
    everyMs: 600_000,
    logger,
    runOnce: async (signal) => {
      for (let count = mostAtOnce; count === mostAtOnce && !signal.aborted; ) count = await purgeIdempotencyKeys(database);
    },
  });
}

/** How many it deleted, at most a thousand. */
export async function purgeIdempotencyKeys({ pool }: Database): Promise<number> {
  try {
    const [result] = await pool.query(
      `delete from idempotency_keys where created_at < current_timestamp(3) - interval ${keptHours} hour limit ${mostAtOnce}`,
    );
    return (result as { affectedRows: number }).affectedRows;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
