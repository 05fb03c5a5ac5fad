import type { EventView } from '@millrace/messages';
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
  /** When it took an arm or began to wait. */
  beganAtMs: number | null;
  /** Until when a delay or a wait for an event lasts. */
  waitUntilMs: number | null;
  /** The list of actions that it runs. */
  arm: string | null;
  /** Of the retry by hand that it runs in; 0 before any. Part of the action key. */
  retry: number;
  output: Json;
}

/** An event in the inbox. */
export interface ReceivedEvent {
  event: EventView;
  isUsed: boolean;
}

/** What the journal says of an instance: `journal.reduce(evolve, initialState)`. */
export interface InstanceState {
  status: InstanceStatus;
  seq: number;
  start: InstanceStarted['detail'] | null;
  actionById: ReadonlyMap<number, ActionState>;
  variables: Readonly<Record<string, Json>>;
  received: readonly ReceivedEvent[];
  cancelRequested: { reason: string | null } | null;
  /** Retries by hand. */
  retries: number;
  /** Automatic retries of a scheduled task's run. */
  runRetries: number;
  /** Of the row that the last of them was asked for on; −1 before any. */
  retriedRowVersion: number;
  /** The action of the newest entry that has one: where an instance that failed has failed. */
  lastActionId: number | null;
  /** The fixed `now` of the next action, its own delay aside: 3-engine.md section 2. */
  nowBasisMs: number;
  /** What it was before the newest entry that ended an action. */
  lastNowBasisMs: number;
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
  variables: {},
  received: [],
  cancelRequested: null,
  retries: 0,
  runRetries: 0,
  retriedRowVersion: -1,
  lastActionId: null,
  nowBasisMs: 0,
  lastNowBasisMs: 0,
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
  beganAtMs: null,
  waitUntilMs: null,
  arm: null,
  retry: 0,
  output: null,
};

/** The state of an action that may not have an entry yet. */
export function actionState(state: InstanceState, actionId: number): ActionState {
  return state.actionById.get(actionId) ?? untouched;
}

export function isFinished(action: ActionState): boolean {
  return action.status !== 'pending' && action.status !== 'running';
}

/** Applies one entry. Total: any entry fits any state, in the journal's order. */
export function evolve(state: InstanceState, entry: Entry): InstanceState {
  const next = { ...state, seq: entry.seq };
  if ('action_id' in entry) next.lastActionId = entry.action_id;
  switch (entry.type) {
    case 'instance_started':
      return { ...next, status: 'running', start: entry.detail, startedAtMs: entry.at, nowBasisMs: entry.detail.now };
    case 'instance_completed':
    case 'instance_failed':
    case 'instance_cancelled':
      return { ...next, status: entry.status, completedAtMs: entry.at };
    case 'cancel_requested':
      return { ...next, cancelRequested: { reason: entry.reason ?? null } };
    case 'event_received':
      return { ...next, received: [...next.received, { event: entry.detail.event, isUsed: false }] };
    case 'retry_requested':
      return retriedByHand(next, entry.detail.row_version, entry.at);
    case 'run_retried':
      return {
        ...reset(next, { retryAtMs: Date.parse(entry.detail.retry_at) }),
        runRetries: entry.attempt,
        nowBasisMs: next.lastNowBasisMs,
      };
    case 'delay_started':
      return withAction(next, entry.action_id, { delayUntilMs: Date.parse(entry.detail.until) });
    case 'wait_started':
      return withAction(next, entry.action_id, { status: 'running', beganAtMs: entry.at, waitUntilMs: Date.parse(entry.detail.until) });
    case 'arm_taken':
      return withAction(next, entry.action_id, {
        status: 'running',
        arm: entry.detail.arm,
        beganAtMs: actionState(next, entry.action_id).beganAtMs ?? entry.at,
      });
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
      return completed(finished(next, entry, { attempts: entry.attempt, output: entry.detail.output }, 1, 0), entry);
    case 'action_failed':
      return finished(next, entry, { attempts: entry.attempt }, 1, 1);
    case 'action_unknown':
      return finished(next, entry, { attempts: entry.attempt }, 1, 1);
    case 'action_skipped':
      return finished(next, entry, {}, 0, 0);
  }
}

type Finished = Extract<Entry, { action_id: number; status: 'completed' | 'failed' | 'unknown' | 'skipped' }>;

function finished(state: InstanceState, entry: Finished, change: Partial<ActionState>, executed: number, failed: number): InstanceState {
  const before = actionState(state, entry.action_id);
  const next = withAction(state, entry.action_id, { ...change, status: entry.status, startedAttempt: null, deadlineMs: null });
  next.lastNowBasisMs = state.nowBasisMs;
  // Leaves are counted: what a gateway runs counts for itself.
  if (findActionType(entry.action_type)?.gateway !== true) {
    next.executedActions += executed;
    next.failedActions += failed;
  }
  if (entry.action_type === 'delay' && before.waitUntilMs !== null) next.nowBasisMs = Math.max(next.nowBasisMs, before.waitUntilMs);
  else if (fixesNow(entry.action_type)) next.nowBasisMs = Math.max(next.nowBasisMs, entry.at);
  else if (before.delayUntilMs !== null) next.nowBasisMs = Math.max(next.nowBasisMs, before.delayUntilMs);
  return next;
}

function completed(state: InstanceState, entry: Extract<Entry, { type: 'action_completed' }>): InstanceState {
  if (entry.action_type === 'set_variable') {
    const { name, value } = entry.detail.output as { name: string; value: Json };
    return { ...state, variables: { ...state.variables, [name]: value } };
  }
  if (entry.action_type === 'wait_for_event') {
    const { event } = entry.detail.output as { event?: { event_id: string } };
    if (event === undefined) return state;
    return {
      ...state,
      received: state.received.map((item) => (item.event.event_id === event.event_id ? { ...item, isUsed: true } : item)),
    };
  }
  return state;
}

/**
 * Whether the end of such an action fixes the `now` of what follows by the clock: it has to be durable before that starts. A delay's end
 * follows from its beginning.
 */
export function fixesNow(actionType: string): boolean {
  return actionType === 'wait_for_event' || findActionType(actionType)?.effect === 'world';
}

function retriedByHand(state: InstanceState, rowVersion: number, atMs: number): InstanceState {
  const retries = state.retries + 1;
  return {
    ...reset(state, { retry: retries }),
    status: 'running',
    completedAtMs: null,
    cancelRequested: null,
    retries,
    runRetries: 0,
    retriedRowVersion: Math.max(state.retriedRowVersion, rowVersion),
    nowBasisMs: Math.max(state.nowBasisMs, atMs),
  };
}

/** Back to the action that has failed; what was finished before it keeps its results. */
function reset(state: InstanceState, change: Partial<ActionState>): InstanceState {
  const { lastActionId } = state;
  if (lastActionId === null) return state;
  const { status, retry } = actionState(state, lastActionId);
  const actionById = new Map(state.actionById);
  actionById.set(lastActionId, { ...untouched, retry, ...change });
  const hasFailed = status === 'failed' || status === 'unknown';
  return {
    ...state,
    actionById,
    executedActions: state.executedActions - (status === 'skipped' ? 0 : 1),
    failedActions: state.failedActions - (hasFailed ? 1 : 0),
  };
}

function withAction(state: InstanceState, actionId: number, change: Partial<ActionState>): InstanceState {
  const actionById = new Map(state.actionById);
  actionById.set(actionId, { ...actionState(state, actionId), ...change });
  return { ...state, actionById };
}
