import type { Bus, OutRecord } from '@millrace/bus';
import { type Database, type DatabaseClock, type DueTask, findChangedTasks, findDueTasks } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { createGiveWay, type Logger, type Loop, RetryableError, startLoop } from '@millrace/runtime';
import { type Decision, decideOccurrences, onTimeMs } from './decide-occurrences.ts';
import type { Lease } from './lease.ts';
import { metrics } from './metrics.ts';
import { encodeRun } from './run-command.ts';
import { createOutbox, type Outbox } from './send-then-advance.ts';
import { jitterOf, nextOccurrenceOf } from './task-schedule.ts';

const pageSize = 2_000;
const lateTasksPerTurn = 20;
const longestReason = 255;

interface Dependencies {
  db: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  lease: Pick<Lease, 'isHeld'>;
  clock: Pick<DatabaseClock, 'nowMs'>;
}

/** Fires scheduled tasks at the full second: sends what is due, then compares and sets next_run_at. */
export function startTaskRunner({ db, bus, codec, logger, lease, clock }: Dependencies): Loop {
  let timer: NodeJS.Timeout | undefined;

  const decide = async (task: DueTask): Promise<{ decision: Decision; out: OutRecord[] }> => {
    try {
      const decision = decideOccurrences(task, nextOccurrenceOf(task), jitterOf(task), clock.nowMs());
      const out = await Promise.all(decision.occurrences.map((occurrence) => encodeRun(codec, task, occurrence)));
      return { decision, out };
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      metrics.taskErrors.add(1);
      logger.warn({ err: error, task_id: task.id }, 'a scheduled task can not be computed');
      const stateReason = (error instanceof Error ? error.message : String(error)).slice(0, longestReason);
      return {
        decision: { occurrences: [], nextRunAtMs: null, nextJitterMs: 0, lastRunAtMs: task.lastRunAtMs, state: 'error', stateReason },
        out: [],
      };
    }
  };

  const runTasks = async (tasks: readonly DueTask[], outbox: Outbox): Promise<void> => {
    const giveWay = createGiveWay();
    for (const task of tasks) {
      const { decision, out } = await decide(task);
      const { occurrences, ...rest } = decision;
      for (const { skipReason } of occurrences) metrics.occurrences.add(1, { outcome: skipReason ?? 'run' });
      await outbox.add({ id: task.id, revision: task.revision, seenNextRunAtMs: task.nextRunAtMs, ...rest }, out);
      // A long backlog is a long calculation: the lease is to be renewed meanwhile.
      await giveWay();
    }
  };

  const runOnTime = async (nowMs: number, outbox: Outbox): Promise<number> => {
    let count = 0;
    for (let after: DueTask | null = null; ; ) {
      const page = await findDueTasks(db.pool, { fromMs: nowMs - onTimeMs, untilMs: nowMs, after }, pageSize);
      await runTasks(page, outbox);
      count += page.length;
      after = page.at(-1) ?? null;
      if (page.length < pageSize || !lease.isHeld()) return count;
    }
  };

  /** What is on time goes first: one tenant's backlog after a downtime must not make the tasks of others late. */
  const runDue = async (nowMs: number): Promise<boolean> => {
    const outbox = createOutbox(bus, db);
    const changed = await findChangedTasks(db.pool, pageSize);
    await runTasks(changed, outbox);
    const onTime = await runOnTime(nowMs, outbox);
    const late = await findDueTasks(db.pool, { fromMs: null, untilMs: nowMs - onTimeMs, after: null }, lateTasksPerTurn);
    await runTasks(late, outbox);
    await outbox.settle();
    return changed.length + onTime + late.length > 0;
  };

  const loop = startLoop({
    name: 'scheduled tasks',
    everyMs: 1_000,
    logger,
    async runOnce(signal) {
      clearTimeout(timer);
      let nowMs = clock.nowMs();
      while (lease.isHeld() && !signal.aborted && (await runDue(nowMs))) nowMs = clock.nowMs();
      // From what the turn has looked at, not from its end: a second that began meanwhile is due at once.
      const nextSecondMs = (Math.floor(nowMs / 1_000) + 1) * 1_000;
      timer = setTimeout(() => loop.wake(), Math.max(0, Math.ceil(nextSecondMs - clock.nowMs())));
    },
  });
  return {
    wake: () => loop.wake(),
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      clearTimeout(timer);
    },
  };
}
