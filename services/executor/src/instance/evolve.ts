import { findActionType } from '@millrace/workflow';
import type { Entry, InstanceStarted, Json } from './entries.ts';
import { type ActionState, actionState, type InstanceState, untouched } from './state.ts';

type OfAction = Extract<Entry, { action_id: number }>;
type Finished = Extract<OfAction, { status: 'completed' | 'failed' | 'unknown' | 'skipped' }>;

/** Applies one entry. Total: any entry fits any state, in the journal's order. */
export function evolve(state: InstanceState, entry: Entry): InstanceState {
  const next = { ...state, seq: entry.seq };
  switch (entry.type) {
    case 'instance_started':
      return { ...next, ...startedBy(entry) };
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
        ...begunAnew(next, ({ delayUntilMs }) => ({ delayUntilMs, retryAtMs: Date.parse(entry.detail.retry_at) })),
        runRetries: entry.attempt,
        nowBasisMs: next.lastNowBasisMs,
      };
    case 'delay_started':
      return withAction(next, entry, { delayUntilMs: Date.parse(entry.detail.until) });
    case 'wait_started':
      return withAction(next, entry, { status: 'running', beganAtMs: entry.at, waitUntilMs: Date.parse(entry.detail.until) });
    case 'arm_taken': {
      const beganAtMs = actionState(next, entry.action_id).beganAtMs ?? entry.at;
      return withAction(next, entry, { status: 'running', arm: entry.detail.arm, beganAtMs });
    }
    case 'action_started':
      return withAction(next, entry, { status: 'running', startedAttempt: entry.attempt, deadlineMs: Date.parse(entry.detail.deadline) });
    case 'attempt_failed':
      return withAction(next, entry, {
        status: 'running',
        attempts: entry.attempt,
        startedAttempt: null,
        deadlineMs: null,
        retryAtMs: Date.parse(entry.detail.retry_at),
      });
    case 'action_completed':
      return withResult(finished(next, entry, { attempts: entry.attempt, output: entry.detail.output }), entry);
    case 'action_failed':
    case 'action_unknown':
      return finished(next, entry, { attempts: entry.attempt });
    case 'action_skipped':
      return finished(next, entry, {});
    case 'action_cancelled':
      return withAction(next, entry, { status: 'cancelled' });
  }
}

function startedBy({ at, detail, traceparent }: InstanceStarted): Partial<InstanceState> {
  const traced = traceparent === undefined ? {} : { traceparent };
  return { status: 'running', start: detail, startedAtMs: at, nowBasisMs: detail.now, ...traced };
}

function finished(state: InstanceState, entry: Finished, change: Partial<ActionState>): InstanceState {
  const before = actionState(state, entry.action_id);
  const next = withAction(state, entry, { ...change, status: entry.status, startedAttempt: null, deadlineMs: null });
  return {
    ...next,
    ...counted(next, entry.action_type, entry.status, 1),
    lastActionId: entry.action_id,
    nowBasisMs: nowAfter(state.nowBasisMs, before, entry),
    lastNowBasisMs: state.nowBasisMs,
  };
}

/** Leaves are counted: what a gateway runs counts for itself. What was skipped was not executed. */
function counted(state: InstanceState, type: string, status: ActionState['status'], by: 1 | -1): Partial<InstanceState> {
  if (status === 'skipped' || findActionType(type)?.gateway === true) return {};
  const hasFailed = status === 'failed' || status === 'unknown';
  return { executedActions: state.executedActions + by, failedActions: state.failedActions + (hasFailed ? by : 0) };
}

/** A delay's end follows from its beginning; the end of a call or of a wait for an event is what the clock said. */
function nowAfter(basisMs: number, { delayUntilMs, waitUntilMs }: ActionState, entry: Finished): number {
  const delayedMs = Math.max(basisMs, delayUntilMs ?? 0);
  if (entry.action_type === 'delay' && entry.status === 'completed') return Math.max(delayedMs, waitUntilMs ?? 0);
  return isBeyondRepeat(entry) ? Math.max(delayedMs, entry.at) : delayedMs;
}

/**
 * Whether a repeat after a crash may decide otherwise: what came of a call or of a wait for an event, and a retry by hand, which fixes `now`
 * anew. Such an entry is durable before anything is done that follows from it; all others follow from what is durable already.
 */
export function isBeyondRepeat(entry: Entry): boolean {
  if (entry.type === 'retry_requested') return true;
  if (!('action_id' in entry) || entry.status === 'skipped' || entry.status === 'pending' || entry.type === 'wait_started') return false;
  return entry.action_type === 'wait_for_event' || findActionType(entry.action_type)?.effect === 'world';
}

function withResult(state: InstanceState, entry: Extract<Entry, { type: 'action_completed' }>): InstanceState {
  if (entry.action_type === 'set_variable') {
    const { name, value } = entry.detail.output as { name: string; value: Json };
    return { ...state, variables: { ...state.variables, [name]: value } };
  }
  if (entry.action_type === 'wait_for_event') {
    const { event } = entry.detail.output as { event?: { event_id: string } };
    const received = state.received.map((item) => (item.event.event_id === event?.event_id ? { ...item, isUsed: true } : item));
    return { ...state, received };
  }
  return state;
}

function retriedByHand(state: InstanceState, rowVersion: number, atMs: number): InstanceState {
  const retries = state.retries + 1;
  // A delay that it had waited for is not waited for again.
  const next = begunAnew(state, ({ delayUntilMs }) => ({ retry: retries, delayUntilMs }));
  const actionById = new Map(next.actionById);
  for (const [id, action] of actionById) if (action.status === 'cancelled') actionById.set(id, { ...action, status: 'running' });
  return {
    ...next,
    actionById,
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
function begunAnew(state: InstanceState, change: (before: ActionState) => Partial<ActionState>): InstanceState {
  const { lastActionId } = state;
  if (lastActionId === null) return state;
  const before = actionState(state, lastActionId);
  const { name, type, status, retry, round } = before;
  const actionById = new Map(state.actionById);
  actionById.set(lastActionId, { ...untouched, name, type, retry, round: round + 1, ...change(before) });
  return { ...state, ...counted(state, type, status, -1), actionById };
}

function withAction(state: InstanceState, entry: OfAction, change: Partial<ActionState>): InstanceState {
  const { action_id: id, action_name: name, action_type: type } = entry;
  const actionById = new Map(state.actionById);
  actionById.set(id, { ...actionState(state, id), name, type, ...change });
  return { ...state, actionById };
}
