import type { Bus, OutRecord } from '@millrace/bus';
import { advanceTasks, type Database, type DueTask, findChangedTasks, findDueTasks, type TaskAdvance } from '@millrace/db';
import { type Codec, hash32 } from '@millrace/messages';
import { type Logger, type Loop, RetryableError, startLoop } from '@millrace/runtime';
import { nextOccurrence, parseSchedule } from '@millrace/workflow';
import { type Decision, decideOccurrences } from './decide-occurrences.ts';
import { metrics } from './metrics.ts';
import { encodeRun } from './run-command.ts';

const pageSize = 500;
const longestReason = 255;

interface Dependencies {
  db: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  isActive: () => boolean;
}

/** Fires scheduled tasks at the full second: sends what is due, then compares and sets next_run_at. */
export function startTaskRunner({ db, bus, codec, logger, isActive }: Dependencies): Loop {
  let timer: NodeJS.Timeout | undefined;

  const decide = async (task: DueTask, nowMs: number): Promise<{ decision: Decision; out: OutRecord[] }> => {
    try {
      const decision = decideOccurrences(task, createNext(task), jitterOf(task), nowMs);
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

  const runTasks = async (tasks: readonly DueTask[]): Promise<void> => {
    const nowMs = Date.now();
    const advances: TaskAdvance[] = [];
    const out: OutRecord[] = [];
    for (const task of tasks) {
      const { decision, out: commands } = await decide(task, nowMs);
      const { nextRunAtMs, nextJitterMs, lastRunAtMs, state, stateReason } = decision;
      advances.push({
        id: task.id,
        revision: task.revision,
        seenNextRunAtMs: task.nextRunAtMs,
        nextRunAtMs,
        nextJitterMs,
        lastRunAtMs,
        state,
        stateReason,
      });
      out.push(...commands);
      for (const { skipReason } of decision.occurrences) metrics.occurrences.add(1, { outcome: skipReason ?? 'run' });
    }
    if (out.length > 0) await bus.publish(out);
    await advanceTasks(db.pool, advances);
  };

  const loop = startLoop({
    name: 'scheduled tasks',
    everyMs: 1_000,
    logger,
    async runOnce(signal) {
      clearTimeout(timer);
      for (let isMore = isActive(); isMore && isActive() && !signal.aborted; ) {
        const changed = await findChangedTasks(db.pool, pageSize);
        await runTasks(changed);
        const due = await findDueTasks(db.pool, Date.now(), pageSize);
        await runTasks(due);
        isMore = changed.length > 0 || due.length > 0;
      }
      timer = setTimeout(() => loop.wake(), 1_000 - (Date.now() % 1_000));
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

/** Throws where the schedule can't be read; its message is the state's reason. */
function createNext({ schedule: expression, timezone, dst }: DueTask): (afterMs: number) => number | null {
  const parsed = parseSchedule(expression, timezone, dst === null ? null : JSON.parse(dst));
  if (!parsed.ok) throw new Error(parsed.message);
  return (afterMs) => nextOccurrence(parsed.schedule, afterMs);
}

/** A share of the task's jitter that follows from the occurrence, so that two schedulers take it up at the same time. */
function jitterOf({ id, jitterSeconds }: DueTask): (dueMs: number) => number {
  return (dueMs) => (jitterSeconds === 0 ? 0 : hash32(`${id}@${dueMs}`) % (jitterSeconds * 1_000 + 1));
}
