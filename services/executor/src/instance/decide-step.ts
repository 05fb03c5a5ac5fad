import { type ActionNode, progressOf, type WorkflowVersion } from '@millrace/workflow';
import { decideEnd } from './decide-end.ts';
import { type Attempt, decideOutcome, named, type Outcome } from './decide-outcome.ts';
import type { Json, NewEntry } from './entries.ts';
import { actionState, hasEnded, type InstanceState, isFinished } from './state.ts';
import { findPlace } from './walk.ts';

/** What an instance is to do now. */
export type Step =
  | { kind: 'ended' }
  /** Entries that need no call; decide again after them. */
  | { kind: 'record'; entries: NewEntry[] }
  | { kind: 'wait'; untilMs: number; waitingFor: 'delay' | 'retry' | 'action' }
  | { kind: 'run'; attempt: Attempt; nowMs: number };

/** The next step of a started instance. Pure: the same state, version and time give the same step. */
export function decideStep(state: InstanceState, version: Pick<WorkflowVersion, 'actions'>, atMs: number): Step {
  if (hasEnded(state)) return { kind: 'ended' };
  const place = findPlace(state, version);
  const lost = place.kind === 'action' ? decideRunning(state, version.actions, place.action, atMs) : null;
  if (lost !== null) return lost;
  if (state.cancelRequested !== null) {
    return { kind: 'record', entries: decideEnd(state, 'cancelled', state.cancelRequested.reason ?? 'requested', atMs) };
  }
  switch (place.kind) {
    case 'end':
      return { kind: 'record', entries: decideEnd(state, 'completed', null, atMs) };
    case 'arm_done':
      return { kind: 'record', entries: decideDone(state, version.actions, place.action, { arm: place.arm }, atMs) };
    case 'action':
      return decideAction(state, version.actions, place.action, atMs);
  }
}

/** A call whose start is durable has its outcome first, whatever else was asked for; null where there is none. */
function decideRunning(state: InstanceState, nodes: readonly ActionNode[], action: ActionNode, atMs: number): Step | null {
  const { startedAttempt, deadlineMs, round } = actionState(state, action.id);
  if (startedAttempt === null) return null;
  if (deadlineMs !== null && atMs < deadlineMs) return { kind: 'wait', untilMs: deadlineMs, waitingFor: 'action' };
  const outcome = outcomeOfLostCall(action, state.cancelRequested !== null);
  return { kind: 'record', entries: decideOutcome(state, nodes, { action, round, number: startedAttempt }, outcome, atMs, 0) };
}

function decideAction(state: InstanceState, nodes: readonly ActionNode[], action: ActionNode, atMs: number): Step {
  const own = actionState(state, action.id);
  if (action.delay_seconds > 0 && own.delayUntilMs === null) {
    const until = new Date(state.nowBasisMs + action.delay_seconds * 1000).toISOString();
    return { kind: 'record', entries: [{ type: 'delay_started', at: atMs, status: 'pending', ...named(action), detail: { until } }] };
  }
  if (own.delayUntilMs !== null && atMs < own.delayUntilMs) return { kind: 'wait', untilMs: own.delayUntilMs, waitingFor: 'delay' };
  if (own.retryAtMs !== null && atMs < own.retryAtMs) return { kind: 'wait', untilMs: own.retryAtMs, waitingFor: 'retry' };
  if (action.action_type === 'delay' && own.waitUntilMs !== null) {
    if (atMs < own.waitUntilMs) return { kind: 'wait', untilMs: own.waitUntilMs, waitingFor: 'delay' };
    const output = { until: new Date(own.waitUntilMs).toISOString() };
    return { kind: 'record', entries: decideDone(state, nodes, action, output, atMs) };
  }
  const attempt = { action, round: own.round, number: own.attempts + 1 };
  return { kind: 'run', attempt, nowMs: Math.max(state.nowBasisMs, own.delayUntilMs ?? 0) };
}

/** An action ends that has only waited, or run its arm. */
function decideDone(state: InstanceState, nodes: readonly ActionNode[], action: ActionNode, output: Json, atMs: number): NewEntry[] {
  const { round, attempts } = actionState(state, action.id);
  const outcome: Outcome = { kind: 'completed', input: null, output, durationMs: 0 };
  return decideOutcome(state, nodes, { action, round, number: attempts + 1 }, outcome, atMs, 0);
}

/** The caller of a durable attempt is gone, or its time is over: what it did can't be known. */
function outcomeOfLostCall(action: ActionNode, isCancelled: boolean): Outcome {
  if (action.at_most_once || isCancelled) return { kind: 'unknown', reason: 'caller_lost' };
  return {
    kind: 'failed',
    code: 'caller_lost',
    message: 'Expected an outcome before the deadline, but the call was lost',
    durationMs: 0,
    retryable: true,
    retryAfterMs: null,
    input: null,
  };
}

/** The `progress` column: whole percent of the workflow's own list, 100 only when completed. */
export function progressOfInstance(state: InstanceState, version: Pick<WorkflowVersion, 'actions'>): number {
  const actions = version.actions.filter((action) => action.parent_id === null);
  const finished = actions.filter((action) => isFinished(actionState(state, action.id))).length;
  return progressOf(finished, actions.length, state.status === 'completed');
}
