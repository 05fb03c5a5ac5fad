import type { Bus } from '@millrace/bus';
import { type Database, type DatabaseClock, type DueInstance, findDueInstances } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { gauge, type Logger, startLoop } from '@millrace/runtime';
import { createDueQueue } from './due-queue.ts';
import type { Lease } from './lease.ts';
import { metrics } from './metrics.ts';
import { encodeResume } from './resume-command.ts';

const lookAheadMs = 5_000;
const mostPerSend = 1_000;

interface Dependencies {
  db: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  lease: Pick<Lease, 'isHeld'>;
  clock: Pick<DatabaseClock, 'nowMs'>;
  pollMs: number;
  mostDue: number;
}

export interface Waker extends AsyncDisposable {
  /** Reads what is due now. */
  wake(): void;
}

/** Sends a ResumeInstance for each parked instance when it is due: read by index some seconds ahead, sent at its millisecond. */
export function startWaker({ db, bus, codec, logger, lease, clock, pollMs, mostDue }: Dependencies): Waker {
  const queue = createDueQueue();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  /** One send in flight; what becomes due meanwhile is in the next. A failed one is taken up again by the next reading. */
  const sendDue = async () => {
    while (lease.isHeld()) {
      const due = queue.takeDue(clock.nowMs(), performance.now(), mostPerSend);
      if (due.length === 0) return;
      try {
        await bus.publish(await Promise.all(due.map((row) => encodeResume(codec, row))));
        countSent(due, clock.nowMs());
      } catch (error) {
        queue.unsend(due);
        logger.warn({ err: error, instances: due.length }, 'due instances could not be resumed yet');
        return;
      }
    }
  };
  /** Without the lease nothing is armed: what is due then would be tried again and again. */
  const arm = () => {
    clearTimeout(timer);
    const dueMs = queue.nextDueMs();
    if (dueMs === null || sending !== undefined || !lease.isHeld()) return;
    const send = () => {
      sending = sendDue().finally(() => {
        sending = undefined;
        arm();
      });
    };
    const remainingMs = dueMs - clock.nowMs();
    if (remainingMs <= 0) send();
    else timer = setTimeout(send, Math.ceil(remainingMs));
  };
  const loop = startLoop({
    name: 'due instances',
    everyMs: pollMs,
    logger,
    async runOnce() {
      if (!lease.isHeld()) return;
      await sending;
      const rows = await findDueInstances(db.pool, clock.nowMs() + lookAheadMs, mostDue);
      queue.refresh(rows, rows.length < mostDue, performance.now());
      arm();
    },
  });
  gauge('millrace_scheduler_due', 'due instances held in memory', () => queue.waiting);
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

function countSent(due: readonly DueInstance[], nowMs: number): void {
  metrics.resumed.add(due.length);
  const latest = due.reduce((most, { wakeAtMs }) => Math.max(most, nowMs - wakeAtMs), 0);
  metrics.resumeLatenessSeconds.record(latest / 1000);
}
