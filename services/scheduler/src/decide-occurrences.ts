/** The part of a scheduled task that decides when it runs. Times are ms since the epoch. */
export interface TaskTiming {
  revision: number;
  /** The revision that `nextRunAtMs` was computed from. */
  computedRevision: number | null;
  /** When it is taken up next: the occurrence's due time and its jitter. */
  nextRunAtMs: number | null;
  nextJitterMs: number;
  lastRunAtMs: number | null;
  updatedAtMs: number;
  startAtMs: number | null;
  endAtMs: number | null;
  misfirePolicy: string;
  misfireMax: number | null;
  catchUpWindowSeconds: number;
}

export interface Occurrence {
  dueMs: number;
  /** Null: it runs. */
  skipReason: string | null;
}

export interface Decision {
  /** The first due first. */
  occurrences: Occurrence[];
  nextRunAtMs: number | null;
  nextJitterMs: number;
  lastRunAtMs: number | null;
  state: 'active' | 'ended' | 'error';
  stateReason: string | null;
}

/** The first occurrence after an instant; null: there is none ever again. May throw. */
export type NextOccurrence = (afterMs: number) => number | null;
/** How long after its due time an occurrence is taken up, in ms: always the same for the same occurrence. */
export type JitterOf = (dueMs: number) => number;

/** Taken up later than that, an occurrence is a misfire. */
export const onTimeMs = 10_000;
const mostPerDecision = 200;
const defaultMisfireMax = 100;

/**
 * What is due of a task and when it is due next. Each occurrence is decided once: it runs when it is taken up within 10 s,
 * else the misfire policy says whether, and those that don't run say why. A long backlog takes several decisions, the last
 * of which knows which misfires are the newest. Pure; throws what `next` throws.
 */
export function decideOccurrences(task: TaskTiming, next: NextOccurrence, jitterOf: JitterOf, nowMs: number): Decision {
  const upcoming = createUpcoming(task, next, jitterOf);
  if (task.computedRevision !== task.revision)
    return { ...upcoming.after(firstInstant(task), 0), occurrences: [], lastRunAtMs: task.lastRunAtMs };
  if (task.nextRunAtMs === null) return { ...upcoming.none(null), occurrences: [], lastRunAtMs: task.lastRunAtMs };

  const mostRuns = runsOfPolicy(task);
  const dues: Due[] = [];
  let following: Upcoming = { nextRunAtMs: task.nextRunAtMs, nextJitterMs: task.nextJitterMs, state: 'active', stateReason: null };
  while (following.nextRunAtMs !== null && following.nextRunAtMs <= nowMs && dues.length < mostPerDecision + mostRuns) {
    const due = { dueMs: following.nextRunAtMs - following.nextJitterMs, jitterMs: following.nextJitterMs };
    dues.push(due);
    following = upcoming.after(due.dueMs, following.nextRunAtMs);
  }
  const late = dues.filter(({ dueMs, jitterMs }) => nowMs - dueMs - jitterMs > onTimeMs).length;
  // Which misfires are the newest is known only once the last of them is in sight; until then they are left to the next decision.
  const areMisfiresKnown = late < dues.length || following.nextRunAtMs === null || following.nextRunAtMs > nowMs;
  const decided = areMisfiresKnown ? dues : dues.slice(0, dues.length - mostRuns);
  const firstRun = late - mostRuns;
  const oldestMs = nowMs - task.catchUpWindowSeconds * 1000;
  const occurrences = decided.map(({ dueMs }, at): Occurrence => {
    const runs = at >= late || (at >= firstRun && dueMs >= oldestMs);
    return { dueMs, skipReason: runs ? null : 'misfire' };
  });
  const lastRun = occurrences.findLast(({ skipReason }) => skipReason === null);
  const undecided = dues[decided.length];
  const rest: Upcoming =
    undecided === undefined
      ? following
      : { nextRunAtMs: undecided.dueMs + undecided.jitterMs, nextJitterMs: undecided.jitterMs, state: 'active', stateReason: null };
  return { ...rest, occurrences, lastRunAtMs: lastRun?.dueMs ?? task.lastRunAtMs };
}

interface Due {
  dueMs: number;
  jitterMs: number;
}

/** An edit never fires what was due before it. */
function firstInstant({ updatedAtMs, lastRunAtMs, startAtMs }: TaskTiming): number {
  return Math.max(updatedAtMs, lastRunAtMs ?? -Infinity, startAtMs === null ? -Infinity : startAtMs - 1);
}

function runsOfPolicy({ misfirePolicy, misfireMax }: TaskTiming): number {
  if (misfirePolicy === 'fire_once') return 1;
  return misfirePolicy === 'fire_all' ? Math.min(misfireMax ?? defaultMisfireMax, 1_000) : 0;
}

type Upcoming = Pick<Decision, 'nextRunAtMs' | 'nextJitterMs' | 'state' | 'stateReason'>;

function createUpcoming({ endAtMs }: TaskTiming, next: NextOccurrence, jitterOf: JitterOf) {
  const none = (dueMs: number | null): Upcoming => ({
    nextRunAtMs: null,
    nextJitterMs: 0,
    state: dueMs === null ? 'error' : 'ended',
    stateReason: dueMs === null ? 'no_more_occurrences' : 'end_at',
  });
  return {
    none,
    /** Not taken up before the one before it: waiting for that is no misfire. */
    after(instantMs: number, notBeforeMs: number): Upcoming {
      const dueMs = next(instantMs);
      if (dueMs === null || (endAtMs !== null && dueMs > endAtMs)) return none(dueMs);
      const jitterMs = Math.max(jitterOf(dueMs), notBeforeMs - dueMs);
      return { nextRunAtMs: dueMs + jitterMs, nextJitterMs: jitterMs, state: 'active', stateReason: null };
    },
  };
}
