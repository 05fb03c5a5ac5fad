import type { Bus, OutRecord } from '@millrace/bus';
import { advanceTasks, type Database, type TaskAdvance } from '@millrace/db';

/** Enough for one statement and for one request to the brokers. */
const mostPerBatch = 1_000;

/** What was decided about tasks on its way. */
export interface Outbox {
  /** Resolved when it is with the others, or sent with them. Rejected where the brokers or the database don't take what came before. */
  add(advance: TaskAdvance, commands: readonly OutRecord[]): Promise<void>;
  /** Resolved when everything is sent and set. */
  settle(): Promise<void>;
}

/**
 * Sends commands, and only then compares and sets their tasks' next runs: a crash in between sends the same commands again. While the tasks
 * of one batch are being set, the commands of the next are sent. It is of no use any more once something was rejected.
 */
export function createOutbox(bus: Pick<Bus, 'publish'>, { pool }: Pick<Database, 'pool'>): Outbox {
  let advances: TaskAdvance[] = [];
  let out: OutRecord[] = [];
  let setting: Promise<unknown> = Promise.resolve();
  const send = async () => {
    const [sent, toSet] = [out, advances];
    out = [];
    advances = [];
    await bus.publish(sent);
    await setting;
    setting = advanceTasks(pool, toSet);
    // Whoever waits for it next is told.
    setting.catch(() => {});
  };
  return {
    async add(advance, commands) {
      advances.push(advance);
      out.push(...commands);
      if (advances.length >= mostPerBatch || out.length >= mostPerBatch) await send();
    },
    async settle() {
      await send();
      await setting;
    },
  };
}
