import { type ActionNode, effectivePolicy, retryDelayMs } from '@millrace/workflow';
import { cut } from './cut.ts';
import { decideEnd } from './decide-end.ts';
import type { Json, NewEntry } from './entries.ts';
import { actionState, hasEnded, type InstanceState, isFinished } from './state.ts';
import { nodesOfOtherArms } from './walk.ts';

/** One try of an action, named so that its outcome finds it again. */
export interface Attempt {
  action: ActionNode;
  /** Of the action's state: an outcome of an earlier round comes too late. */
  round: number;
  /** From 1. */
  number: number;
}

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
  | { kind: 'unknown'; reason: string }
  /** It runs one of its lists of actions. */
  | { kind: 'arm'; arm: string }
  /** It waits until then, or for an event of this name. */
  | { kind: 'waiting'; untilMs: number; eventName: string | null }
  | { kind: 'exit'; status: 'completed' | 'failed' | 'cancelled'; reason: string | null; input: Json };

const longestMessage = 1_000;
/** The code of what the journal has no room for: to try again would only add to it. */
export const contextTooLarge = 'context_too_large';

/**
 * Records what came of an attempt. A repeated outcome, one of an attempt that has one already or of an ended instance decides to nothing.
 * `nodes` are the actions of the version that the instance runs, `random` is in [0, 1).
 */
export function decideOutcome(
  state: InstanceState,
  nodes: readonly ActionNode[],
  { action, round, number: attempt }: Attempt,
  outcome: Outcome,
  atMs: number,
  random: number,
): NewEntry[] {
  const own = actionState(state, action.id);
  if (hasEnded(state) || isFinished(own) || own.round !== round || own.attempts >= attempt) return [];
  const untaken = () =>
    nodesOfOtherArms(nodes, action.id, outcome.kind === 'arm' ? outcome.arm : own.arm)
      .filter((node) => !isFinished(actionState(state, node.id)))
      .map((node) => skipped(node, 'branch_not_taken', atMs));
  switch (outcome.kind) {
    case 'completed': {
      const durationMs = own.beganAtMs === null ? outcome.durationMs : atMs - own.beganAtMs;
      return [completed(action, attempt, { ...outcome, durationMs }, atMs), ...untaken()];
    }
    case 'skipped':
      return [skipped(action, outcome.reason, atMs), ...untaken()];
    case 'unknown':
      return [
        { type: 'action_unknown', at: atMs, status: 'unknown', ...named(action), attempt, reason: outcome.reason },
        ...afterFailure(state, action, 'outcome_unknown', atMs, untaken, false),
      ];
    case 'failed': {
      const again = decideRetryOf(state, action, attempt, outcome, atMs, random);
      if (again !== null) return again;
      const after = afterFailure(state, action, outcome.code, atMs, untaken, outcome.code !== contextTooLarge);
      return [
        failed(
          action,
          attempt,
          outcome,
          atMs,
          after.some(({ type }) => type === 'run_retried'),
        ),
        ...after,
      ];
    }
    case 'arm':
      if (own.arm !== null) return [];
      return [{ type: 'arm_taken', at: atMs, status: 'running', ...named(action), detail: { arm: outcome.arm } }, ...untaken()];
    case 'waiting': {
      if (own.waitUntilMs !== null) return [];
      const until = new Date(outcome.untilMs).toISOString();
      const detail = outcome.eventName === null ? { until } : { until, event_name: outcome.eventName };
      return [{ type: 'wait_started', at: atMs, status: 'running', ...named(action), detail }];
    }
    case 'exit':
      return [
        completed(action, attempt, { input: outcome.input, output: { status: outcome.status }, durationMs: 0 }, atMs),
        ...decideEnd(state, outcome.status, outcome.reason, atMs, action.id),
      ];
  }
}

type Failed = Extract<Outcome, { kind: 'failed' }>;

/** Null where it isn't tried again. */
function decideRetryOf(
  state: InstanceState,
  action: ActionNode,
  attempt: number,
  outcome: Failed,
  atMs: number,
  random: number,
): NewEntry[] | null {
  if (!outcome.retryable || state.cancelRequested !== null) return null;
  const delayMs = retryDelayMs(effectivePolicy(action), attempt, random, outcome.retryAfterMs ?? 0);
  if (delayMs === null) return null;
  const detail = { retry_at: new Date(atMs + delayMs).toISOString() };
  return [{ type: 'attempt_failed', at: atMs, status: 'running', ...named(action), attempt, ...causeOf(outcome), detail }];
}

/** Each try of a run has the same input: only the last, which may be the hundredth, keeps it. */
function failed(action: ActionNode, attempt: number, outcome: Failed, atMs: number, isTriedAgain: boolean): NewEntry {
  const detail = isTriedAgain ? {} : { detail: { input: cut(outcome.input) } };
  return { type: 'action_failed', at: atMs, status: 'failed', ...named(action), attempt, ...causeOf(outcome), ...detail };
}

function causeOf({ code, message, durationMs }: Failed): { error_code: string; error_message: string; duration_ms: number } {
  return { error_code: code, error_message: message.slice(0, longestMessage).toWellFormed(), duration_ms: durationMs };
}

function completed(
  action: ActionNode,
  attempt: number,
  { input, output, durationMs }: { input: Json; output: Json; durationMs: number },
  atMs: number,
): NewEntry {
  return {
    type: 'action_completed',
    at: atMs,
    status: 'completed',
    ...named(action),
    attempt,
    duration_ms: durationMs,
    detail: { input: cut(input), output },
  };
}

function skipped(action: ActionNode, reason: string, atMs: number): NewEntry {
  return { type: 'action_skipped', at: atMs, status: 'skipped', ...named(action), reason };
}

/** The intent to call, durable before the call (`at_most_once`) or beside a long one. */
export function decideStarted(
  state: InstanceState,
  { action, round, number: attempt }: Attempt,
  deadlineMs: number,
  atMs: number,
): NewEntry[] {
  const own = actionState(state, action.id);
  if (hasEnded(state) || isFinished(own) || own.round !== round || own.attempts >= attempt || own.startedAttempt === attempt) return [];
  const detail = { deadline: new Date(deadlineMs).toISOString() };
  return [{ type: 'action_started', at: atMs, status: 'running', ...named(action), attempt, detail }];
}

/** A failure ends the instance, unless the action says `continue` or a scheduled task's run is to be tried again: not where it may have been done at most once (P5). A cancel is decided by whoever asks for the next step. */
function afterFailure(
  state: InstanceState,
  action: ActionNode,
  reason: string,
  atMs: number,
  untaken: () => NewEntry[],
  mayRepeat: boolean,
): NewEntry[] {
  if (action.on_error === 'continue') return untaken();
  if (state.cancelRequested !== null) return [];
  const task = state.start?.task;
  if (mayRepeat && task !== undefined && state.runRetries < task.max_retries) {
    const retryAt = new Date(atMs + task.retry_delay_seconds * 1_000).toISOString();
    return [{ type: 'run_retried', at: atMs, status: 'running', reason, attempt: state.runRetries + 1, detail: { retry_at: retryAt } }];
  }
  return decideEnd(state, 'failed', reason, atMs, action.id);
}

export function named(action: ActionNode): { action_id: number; action_name: string; action_type: string } {
  return { action_id: action.id, action_name: action.name, action_type: action.action_type };
}
