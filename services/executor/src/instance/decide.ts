import type { EventView } from '@millrace/messages';
import { type ActionNode, effectivePolicy, progressOf, retryDelayMs, type WorkflowVersion } from '@millrace/workflow';
import type { Entry, Json, NewEntry } from './entries.ts';
import { type ActionState, actionState, evolve, type InstanceState } from './state.ts';

/** What an instance is to do now. */
export type Step =
  | { kind: 'ended' }
  /** Entries that need no call; decide again after them. */
  | { kind: 'record'; entries: NewEntry[] }
  | { kind: 'wait'; untilMs: number; waitingFor: 'delay' | 'retry' | 'action' }
  | { kind: 'run'; action: ActionNode; attempt: number; nowMs: number };

/** What came of one attempt of an action. */
export type Outcome =
  | { kind: 'completed'; input: Json; output: Json; durationMs: number }
  | { kind: 'skipped'; reason: string }
  | {
      kind: 'failed';
      code: string;
      message: string;
      durationMs: number;
      retryable: boolean;
      retryAfterMs: number | null;
      input: Json;
    }
  | { kind: 'unknown'; reason: string };

export interface Start {
  event: EventView;
  triggeredBy: string;
  triggeredByValue: string;
  triggerId: number | null;
  /** ms: the record's time, or the row's creation. */
  nowMs: number;
  /** A reason to end at once, cancelled and without effects. */
  blocked: string | null;
}

/** A start of an instance that has started decides to nothing. */
export function decideStart(state: InstanceState, start: Start, atMs: number): NewEntry[] {
  if (state.status !== 'pending') return [];
  const started: NewEntry = {
    type: 'instance_started',
    at: atMs,
    status: 'running',
    detail: {
      event: start.event,
      triggered_by: start.triggeredBy,
      triggered_by_value: start.triggeredByValue,
      trigger_id: start.triggerId,
      now: start.nowMs,
    },
  };
  return start.blocked === null ? [started] : [started, cancelled(start.blocked, atMs)];
}

/** Stored once; an instance that has ended, or never was, has nothing to cancel. */
export function decideCancel(state: InstanceState, requestedBy: string, reason: string | null, atMs: number): NewEntry[] {
  if (hasEnded(state) || state.cancelRequested !== null) return [];
  return [{ type: 'cancel_requested', at: atMs, ...(reason === null ? {} : { reason }), detail: { requested_by: requestedBy } }];
}

/** The next step of a started instance. Pure: the same state, version and time give the same step. */
export function decideStep(state: InstanceState, version: WorkflowVersion, atMs: number): Step {
  if (hasEnded(state)) return { kind: 'ended' };
  const action = version.actions.find((candidate) => !isFinished(actionState(state, candidate.id)));
  const own = action === undefined ? null : actionState(state, action.id);

  if (action !== undefined && own !== null && own.startedAttempt !== null) {
    if (own.deadlineMs !== null && atMs < own.deadlineMs) return { kind: 'wait', untilMs: own.deadlineMs, waitingFor: 'action' };
    return { kind: 'record', entries: decideLostCall(state, version, action, own.startedAttempt, atMs) };
  }
  if (state.cancelRequested !== null) return { kind: 'record', entries: [cancelled(state.cancelRequested.reason ?? 'requested', atMs)] };
  if (action === undefined || own === null)
    return { kind: 'record', entries: [{ type: 'instance_completed', at: atMs, status: 'completed' }] };

  if (action.delay_seconds > 0 && own.delayUntilMs === null) {
    const until = new Date(Math.max(state.nowBasisMs, 0) + action.delay_seconds * 1000).toISOString();
    return { kind: 'record', entries: [{ type: 'delay_started', at: atMs, status: 'pending', ...named(action), detail: { until } }] };
  }
  if (own.delayUntilMs !== null && atMs < own.delayUntilMs) return { kind: 'wait', untilMs: own.delayUntilMs, waitingFor: 'delay' };
  if (own.retryAtMs !== null && atMs < own.retryAtMs) return { kind: 'wait', untilMs: own.retryAtMs, waitingFor: 'retry' };
  return { kind: 'run', action, attempt: own.attempts + 1, nowMs: Math.max(state.nowBasisMs, own.delayUntilMs ?? 0) };
}

/** Records what came of an attempt. A repeated outcome, one of an attempt that has one already or of an ended instance decides to nothing. */
export function decideOutcome(
  state: InstanceState,
  action: ActionNode,
  attempt: number,
  outcome: Outcome,
  atMs: number,
  random: number,
): NewEntry[] {
  const own = actionState(state, action.id);
  if (hasEnded(state) || isFinished(own) || own.attempts >= attempt) return [];
  switch (outcome.kind) {
    case 'completed':
      return [
        {
          type: 'action_completed',
          at: atMs,
          status: 'completed',
          ...named(action),
          attempt,
          duration_ms: outcome.durationMs,
          detail: { input: outcome.input, output: outcome.output },
        },
      ];
    case 'skipped':
      return [{ type: 'action_skipped', at: atMs, status: 'skipped', ...named(action), reason: outcome.reason }];
    case 'unknown':
      return [
        { type: 'action_unknown', at: atMs, status: 'unknown', ...named(action), attempt, reason: outcome.reason },
        ...endAfterFailure(state, action, 'outcome_unknown', atMs),
      ];
    case 'failed': {
      const failure = { error_code: outcome.code, error_message: outcome.message, duration_ms: outcome.durationMs };
      const delayMs =
        outcome.retryable && state.cancelRequested === null
          ? retryDelayMs(effectivePolicy(action), attempt, random, outcome.retryAfterMs ?? 0)
          : null;
      if (delayMs !== null) {
        const retryAt = new Date(atMs + delayMs).toISOString();
        return [
          { type: 'attempt_failed', at: atMs, status: 'running', ...named(action), attempt, ...failure, detail: { retry_at: retryAt } },
        ];
      }
      return [
        { type: 'action_failed', at: atMs, status: 'failed', ...named(action), attempt, ...failure, detail: { input: outcome.input } },
        ...endAfterFailure(state, action, outcome.code, atMs),
      ];
    }
  }
}

/** The intent to call, durable before the call (`at_most_once`) or beside a long one. */
export function decideStarted(state: InstanceState, action: ActionNode, attempt: number, deadlineMs: number, atMs: number): NewEntry[] {
  const own = actionState(state, action.id);
  if (hasEnded(state) || isFinished(own) || own.attempts >= attempt || own.startedAttempt === attempt) return [];
  return [
    {
      type: 'action_started',
      at: atMs,
      status: 'running',
      ...named(action),
      attempt,
      detail: { deadline: new Date(deadlineMs).toISOString() },
    },
  ];
}

/** The caller of a durable attempt is gone, or its time is over: what it did can't be known. */
function decideLostCall(state: InstanceState, _version: WorkflowVersion, action: ActionNode, attempt: number, atMs: number): NewEntry[] {
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

function endAfterFailure(state: InstanceState, action: ActionNode, reason: string, atMs: number): NewEntry[] {
  if (action.on_error === 'continue' || state.cancelRequested !== null) return [];
  return [{ type: 'instance_failed', at: atMs, status: 'failed', reason }];
}

/** Cancels without asking for what runs: a workflow that was deleted, or disabled with `cancel`. */
export function cancelled(reason: string, atMs: number): NewEntry {
  return { type: 'instance_cancelled', at: atMs, status: 'cancelled', reason };
}

/** Gives the entries their places after the state's last one, and applies them. */
export function append(state: InstanceState, entries: readonly NewEntry[]): { state: InstanceState; entries: Entry[] } {
  let next = state;
  const placed: Entry[] = [];
  for (const entry of entries) {
    const withSeq = { seq: next.seq + 1, ...entry } as Entry;
    placed.push(withSeq);
    next = evolve(next, withSeq);
  }
  return { state: next, entries: placed };
}

/** Completed, failed or cancelled: nothing follows. */
export function hasEnded(state: InstanceState): boolean {
  return state.status === 'completed' || state.status === 'failed' || state.status === 'cancelled';
}

export function isFinished(action: ActionState): boolean {
  return action.status === 'completed' || action.status === 'failed' || action.status === 'skipped' || action.status === 'unknown';
}

function named(action: ActionNode): { action_id: number; action_name: string; action_type: string } {
  return { action_id: action.id, action_name: action.name, action_type: action.action_type };
}

/** The `progress` column: whole percent, 100 only when completed. */
export function progressOfInstance(state: InstanceState, version: WorkflowVersion | null): number {
  const actions = version?.actions ?? [];
  const finished = actions.filter((action) => isFinished(actionState(state, action.id))).length;
  return progressOf(finished, actions.length, state.status === 'completed');
}
