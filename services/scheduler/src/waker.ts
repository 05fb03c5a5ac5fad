import type { Bus } from '@millrace/bus';
import { type Database, type DueInstance, findDueInstances } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { type Logger, startLoop } from '@millrace/runtime';
import { createDueQueue } from './due-queue.ts';
import { metrics } from './metrics.ts';
import { encodeResume } from './resume-command.ts';

const lookAheadMs = 5_000;
const mostPerSend = 1_000;

interface Dependencies {
  db: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  pollMs: number;
  mostDue: number;
  isActive: () => boolean;
}

export interface Waker extends AsyncDisposable {
  /** Reads what is due now. */
  wake(): void;
}

/** Sends a ResumeInstance for each parked instance when it is due: read by index some seconds ahead, sent at its millisecond. */
export function startWaker({ db, bus, codec, logger, pollMs, mostDue, isActive }: Dependencies): Waker {
  const queue = createDueQueue();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  /** One send in flight; what becomes due meanwhile is in the next. A failed one is taken up again by the next reading. */
  const sendDue = async () => {
    for (;;) {
      const due = isActive() ? queue.takeDue(Date.now(), performance.now(), mostPerSend) : [];
      if (due.length === 0) return;
      try {
        await bus.publish(await Promise.all(due.map((row) => encodeResume(codec, row))));
        countSent(due);
      } catch (error) {
        queue.unsend(due);
        logger.warn({ err: error, instances: due.length }, 'due instances could not be resumed yet');
        return;
      }
    }
  };
  const arm = () => {
    clearTimeout(timer);
    const dueMs = queue.nextDueMs();
    if (dueMs === null || sending !== undefined) return;
    const send = () => {
      sending = sendDue().finally(() => {
        sending = undefined;
        arm();
      });
    };
    if (dueMs <= Date.now()) send();
    else timer = setTimeout(send, dueMs - Date.now());
  };
  const loop = startLoop({
    name: 'due instances',
    everyMs: pollMs,
    logger,
    async runOnce() {
      if (!isActive()) return;
      await sending;
      const rows = await findDueInstances(db.pool, Date.now() + lookAheadMs, mostDue);
      queue.refresh(rows, rows.length < mostDue, performance.now());
      metrics.due = queue.waiting;
      arm();
    },
  });
  return {
    wake: () => loop.wake(),
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      queue.refresh([], true, 0);
      clearTimeout(timer);
      await sending;
    },
  };
}

function countSent(due: readonly DueInstance[]): void {
  metrics.resumed.add(due.length);
  const nowMs = Date.now();
  const latest = due.reduce((most, { wakeAtMs }) => Math.max(most, nowMs - wakeAtMs), 0);
  metrics.resumeLatenessSeconds.record(latest / 1000);
}
