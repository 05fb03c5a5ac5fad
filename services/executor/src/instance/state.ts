import { findActionType } from '@millrace/workflow';
import type { Entry, InstanceStarted, InstanceStatus, Json } from './entries.ts';

export type ActionStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'unknown';

export interface ActionState {
  status: ActionStatus;
  /** The newest attempt that has an outcome; 0 before the first. */
  attempts: number;
  /** The attempt of an `action_started` entry without an outcome. */
  startedAttempt: number | null;
  deadlineMs: number | null;
  delayUntilMs: number | null;
  retryAtMs: number | null;
  output: Json;
}

/** What the journal says of an instance: `journal.reduce(evolve, initialState)`. */
export interface InstanceState {
  status: InstanceStatus;
  seq: number;
  start: InstanceStarted['detail'] | null;
  actionById: ReadonlyMap<number, ActionState>;
  cancelRequested: { reason: string | null } | null;
  /** The fixed `now` of the next action, its own delay aside: 3-engine.md section 2. */
  nowBasisMs: number;
  startedAtMs: number | null;
  completedAtMs: number | null;
  executedActions: number;
  failedActions: number;
}

export const initialState: InstanceState = {
  status: 'pending',
  seq: 0,
  start: null,
  actionById: new Map(),
  cancelRequested: null,
  nowBasisMs: 0,
  startedAtMs: null,
  completedAtMs: null,
  executedActions: 0,
  failedActions: 0,
};

const untouched: ActionState = {
  status: 'pending',
  attempts: 0,
  startedAttempt: null,
  deadlineMs: null,
  delayUntilMs: null,
  retryAtMs: null,
  output: null,
};

/** The state of an action that may not have an entry yet. */
export function actionState(state: InstanceState, actionId: number): ActionState {
  return state.actionById.get(actionId) ?? untouched;
}

/** Applies one entry. Total: any entry fits any state, in the journal's order. */
export function evolve(state: InstanceState, entry: Entry): InstanceState {
  const next = { ...state, seq: entry.seq };
  switch (entry.type) {
    case 'instance_started':
      return { ...next, status: 'running', start: entry.detail, startedAtMs: entry.at, nowBasisMs: entry.detail.now };
    case 'instance_completed':
    case 'instance_failed':
    case 'instance_cancelled':
      return { ...next, status: entry.status, completedAtMs: entry.at };
    case 'cancel_requested':
      return { ...next, cancelRequested: { reason: entry.reason ?? null } };
    case 'delay_started':
      return withAction(next, entry.action_id, { delayUntilMs: Date.parse(entry.detail.until) });
    case 'action_started':
      return withAction(next, entry.action_id, {
        status: 'running',
        startedAttempt: entry.attempt,
        deadlineMs: Date.parse(entry.detail.deadline),
      });
    case 'attempt_failed':
      return withAction(next, entry.action_id, {
        status: 'running',
        attempts: entry.attempt,
        startedAttempt: null,
        deadlineMs: null,
        retryAtMs: Date.parse(entry.detail.retry_at),
      });
    case 'action_completed':
      return finished(next, entry, { attempts: entry.attempt, output: entry.detail.output }, 1, 0);
    case 'action_failed':
      return finished(next, entry, { attempts: entry.attempt }, 1, 1);
    case 'action_unknown':
      return finished(next, entry, { attempts: entry.attempt }, 1, 1);
    case 'action_skipped':
      return finished(next, entry, {}, 0, 0);
  }
}

function finished(
  state: InstanceState,
  entry: Extract<Entry, { action_id: number; status: ActionStatus }>,
  change: Partial<ActionState>,
  executed: number,
  failed: number,
): InstanceState {
  const before = actionState(state, entry.action_id);
  const next = withAction(state, entry.action_id, { ...change, status: entry.status, startedAttempt: null, deadlineMs: null });
  next.executedActions += executed;
  next.failedActions += failed;
  if (movesNow(entry.action_type)) next.nowBasisMs = Math.max(next.nowBasisMs, entry.at);
  else if (before.delayUntilMs !== null) next.nowBasisMs = Math.max(next.nowBasisMs, before.delayUntilMs);
  return next;
}

/** An action that can't share a commit with the next one (a call to the world) fixes the next one's `now`. */
function movesNow(actionType: string): boolean {
  return findActionType(actionType)?.effect === 'world';
}

function withAction(state: InstanceState, actionId: number, change: Partial<ActionState>): InstanceState {
  const actionById = new Map(state.actionById);
  actionById.set(actionId, { ...actionState(state, actionId), ...change });
  return { ...state, actionById };
}
