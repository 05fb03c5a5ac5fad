import { type ActionNode, effectivePolicy, retryDelayMs } from '@millrace/workflow';
import type { Entry, Json, NewEntry } from './entries.ts';
import { actionState, evolve, type InstanceState, isFinished } from './state.ts';

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
  /** It runs one of its lists of actions; `others` are those of the lists that it doesn't run. */
  | { kind: 'arm'; arm: string; others: readonly ActionNode[] }
  /** It waits until then, or for an event of this name. */
  | { kind: 'waiting'; untilMs: number; eventName: string | null }
  | { kind: 'exit'; status: 'completed' | 'failed' | 'cancelled'; reason: string | null; input: Json };

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
      return [completed(action, attempt, own.beganAtMs === null ? outcome : { ...outcome, durationMs: atMs - own.beganAtMs }, atMs)];
    case 'skipped':
      return [skipped(action, outcome.reason, atMs)];
    case 'unknown':
      return [
        { type: 'action_unknown', at: atMs, status: 'unknown', ...named(action), attempt, reason: outcome.reason },
        ...endAfterFailure(state, action, 'outcome_unknown', atMs),
      ];
    case 'failed':
      return decideFailure(state, action, attempt, outcome, atMs, random);
    case 'arm':
      if (own.arm !== null) return [];
      return [
        { type: 'arm_taken', at: atMs, status: 'running', ...named(action), detail: { arm: outcome.arm } },
        ...outcome.others.map((other) => skipped(other, 'branch_not_taken', atMs)),
      ];
    case 'waiting': {
      if (own.waitUntilMs !== null) return [];
      const until = new Date(outcome.untilMs).toISOString();
      const detail = outcome.eventName === null ? { until } : { until, event_name: outcome.eventName };
      return [{ type: 'wait_started', at: atMs, status: 'running', ...named(action), detail }];
    }
    case 'exit':
      return [
        completed(action, attempt, { input: outcome.input, output: { status: outcome.status }, durationMs: 0 }, atMs),
        {
          type: `instance_${outcome.status}`,
          at: atMs,
          status: outcome.status,
          ...(outcome.reason === null ? {} : { reason: outcome.reason }),
        },
      ];
  }
}

function decideFailure(
  state: InstanceState,
  action: ActionNode,
  attempt: number,
  outcome: Extract<Outcome, { kind: 'failed' }>,
  atMs: number,
  random: number,
): NewEntry[] {
  const failure = { error_code: outcome.code, error_message: outcome.message, duration_ms: outcome.durationMs };
  const delayMs =
    outcome.retryable && state.cancelRequested === null
      ? retryDelayMs(effectivePolicy(action), attempt, random, outcome.retryAfterMs ?? 0)
      : null;
  if (delayMs !== null) {
    const retryAt = new Date(atMs + delayMs).toISOString();
    return [{ type: 'attempt_failed', at: atMs, status: 'running', ...named(action), attempt, ...failure, detail: { retry_at: retryAt } }];
  }
  return [
    { type: 'action_failed', at: atMs, status: 'failed', ...named(action), attempt, ...failure, detail: { input: outcome.input } },
    ...endAfterFailure(state, action, outcome.code, atMs),
  ];
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
    detail: { input, output },
  };
}

function skipped(action: ActionNode, reason: string, atMs: number): NewEntry {
  return { type: 'action_skipped', at: atMs, status: 'skipped', ...named(action), reason };
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

function endAfterFailure(state: InstanceState, action: ActionNode, reason: string, atMs: number): NewEntry[] {
  if (action.on_error === 'continue' || state.cancelRequested !== null) return [];
  const task = state.start?.task;
  if (task !== undefined && state.runRetries < task.max_retries) {
    const retryAt = new Date(atMs + task.retry_delay_seconds * 1_000).toISOString();
    return [{ type: 'run_retried', at: atMs, status: 'running', reason, attempt: state.runRetries + 1, detail: { retry_at: retryAt } }];
  }
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

/** Completed, failed or cancelled: nothing follows but a retry by hand. */
export function hasEnded(state: InstanceState): boolean {
  return state.status === 'completed' || state.status === 'failed' || state.status === 'cancelled';
}

export function named(action: ActionNode): { action_id: number; action_name: string; action_type: string } {
  return { action_id: action.id, action_name: action.name, action_type: action.action_type };
}
