import { type ActionNode, progressOf, type WorkflowVersion } from '@millrace/workflow';
import { cancelled, decideOutcome, hasEnded, named, type Outcome } from './decide-outcome.ts';
import type { NewEntry } from './entries.ts';
import { type ActionState, actionState, type InstanceState, isFinished } from './state.ts';
import { findPlace } from './walk.ts';

/** What an instance is to do now. */
export type Step =
  | { kind: 'ended' }
  /** Entries that need no call; decide again after them. */
  | { kind: 'record'; entries: NewEntry[] }
  | { kind: 'wait'; untilMs: number; waitingFor: 'delay' | 'retry' | 'action' }
  | { kind: 'run'; action: ActionNode; attempt: number; nowMs: number };

/** The next step of a started instance. Pure: the same state, version and time give the same step. */
export function decideStep(state: InstanceState, version: WorkflowVersion, atMs: number): Step {
  if (hasEnded(state)) return { kind: 'ended' };
  const place = findPlace(state, version);
  const running = place.kind === 'action' ? decideRunning(state, place.action, atMs) : null;
  if (running !== null) return running;
  if (state.cancelRequested !== null) return { kind: 'record', entries: [cancelled(state.cancelRequested.reason ?? 'requested', atMs)] };
  switch (place.kind) {
    case 'end':
      return { kind: 'record', entries: [{ type: 'instance_completed', at: atMs, status: 'completed' }] };
    case 'arm_done': {
      const outcome: Outcome = { kind: 'completed', input: null, output: { arm: place.arm }, durationMs: 0 };
      return { kind: 'record', entries: decideOutcome(state, place.action, 1, outcome, atMs, 0) };
    }
    case 'action':
      return decideAction(state, place.action, actionState(state, place.action.id), atMs);
  }
}

/** A call whose start is durable has its outcome first, whatever else was asked for; null where there is none. */
function decideRunning(state: InstanceState, action: ActionNode, atMs: number): Step | null {
  const { startedAttempt, deadlineMs } = actionState(state, action.id);
  if (startedAttempt === null) return null;
  if (deadlineMs !== null && atMs < deadlineMs) return { kind: 'wait', untilMs: deadlineMs, waitingFor: 'action' };
  return { kind: 'record', entries: decideLostCall(state, action, startedAttempt, atMs) };
}

function decideAction(state: InstanceState, action: ActionNode, own: ActionState, atMs: number): Step {
  if (action.delay_seconds > 0 && own.delayUntilMs === null) {
    const until = new Date(state.nowBasisMs + action.delay_seconds * 1000).toISOString();
    return { kind: 'record', entries: [{ type: 'delay_started', at: atMs, status: 'pending', ...named(action), detail: { until } }] };
  }
  if (own.delayUntilMs !== null && atMs < own.delayUntilMs) return { kind: 'wait', untilMs: own.delayUntilMs, waitingFor: 'delay' };
  if (own.retryAtMs !== null && atMs < own.retryAtMs) return { kind: 'wait', untilMs: own.retryAtMs, waitingFor: 'retry' };
  if (action.action_type === 'delay' && own.waitUntilMs !== null) {
    if (atMs < own.waitUntilMs) return { kind: 'wait', untilMs: own.waitUntilMs, waitingFor: 'delay' };
    const output = { until: new Date(own.waitUntilMs).toISOString() };
    return { kind: 'record', entries: decideOutcome(state, action, 1, { kind: 'completed', input: null, output, durationMs: 0 }, atMs, 0) };
  }
  return { kind: 'run', action, attempt: own.attempts + 1, nowMs: Math.max(state.nowBasisMs, own.delayUntilMs ?? 0) };
}

/** The caller of a durable attempt is gone, or its time is over: what it did can't be known. */
function decideLostCall(state: InstanceState, action: ActionNode, attempt: number, atMs: number): NewEntry[] {
  const outcome: Outcome =
    action.at_most_once || state.cancelRequested !== null
      ? { kind: 'unknown', reason: 'caller_lost' }
      : {
          kind: 'failed',
          code: 'caller_lost',
          message: 'Expected an outcome before the deadline, but the call was lost',
          durationMs: 0,
          retryable: true,
          retryAfterMs: null,
          input: null,
        };
  return decideOutcome(state, action, attempt, outcome, atMs, 0);
}

/** The `progress` column: whole percent of the workflow's own list, 100 only when completed. */
export function progressOfInstance(state: InstanceState, version: WorkflowVersion | null): number {
  const actions = (version?.actions ?? []).filter((action) => action.parent_id === null);
  const finished = actions.filter((action) => isFinished(actionState(state, action.id))).length;
  return progressOf(finished, actions.length, state.status === 'completed');
}
