import { actionKey, type Causation } from '@millrace/messages';
import { RetryableError, TerminalError } from '@millrace/runtime';
import { type ActionNode, timeoutMsOf } from '@millrace/workflow';
import type { Clock } from './clock.ts';
import type { Call, Effect } from './effects/effect.ts';
import type { EngineAction } from './effects/engine-action.ts';
import { type Effects, type EngineActionType, engineActions } from './effects/index.ts';
import { NoAnswerError } from './effects/no-answer.ts';
import type { Outcome } from './instance/decide-outcome.ts';
import type { Draft } from './instance/draft.ts';
import type { Json } from './instance/entries.ts';
import { actionState } from './instance/state.ts';
import { type ActionScope, createActionScope } from './scope.ts';
import type { CompiledAction, CompiledVersion } from './version-cache.ts';

/** An attempt that is ready to be made: its input is rendered. */
export interface Prepared {
  kind: 'call';
  action: CompiledAction;
  input: Record<string, Json>;
  scope: ActionScope;
  nowMs: number;
}

type NoCall = Extract<Outcome, { kind: 'skipped' | 'failed' }>;

/** Asks the action's conditions and renders its input: a call to make, or an outcome that needs none. Deterministic in its arguments; never throws. */
export function prepare(draft: Draft, version: CompiledVersion, action: CompiledAction, nowMs: number): Prepared | NoCall {
  try {
    const scope = createActionScope(draft, version.version, nowMs);
    if (action.conditions !== null && action.conditions(scope.conditions) !== true) return { kind: 'skipped', reason: 'condition_false' };
    const rendered = action.render(scope.template, scope.event);
    if (rendered.kind === 'ready') return { kind: 'call', action, input: rendered.input as Record<string, Json>, scope, nowMs };
    if (rendered.kind === 'skipped') return rendered;
    return { ...rendered, durationMs: 0, retryable: false, retryAfterMs: null, input: null };
  } catch (error) {
    return internal(error, null, 0);
  }
}

/** What an engine action decides. Deterministic in its arguments; never throws. */
export function decideTurn(
  draft: Draft,
  { version }: CompiledVersion,
  { action: { node }, input, scope, nowMs }: Prepared,
  atMs: number,
): Outcome {
  const engineAction = engineActions[node.action_type as EngineActionType] as EngineAction;
  const { entityType, entityId } = draft.row;
  try {
    return engineAction({ node, input, scope, state: draft.state, version, entityType, entityId, nowMs, atMs });
  } catch (error) {
    return internal(error, null, 0);
  }
}

/** Makes the call, at most for the action's timeout from when its effect asks for it, and says what came of it. Never throws. */
export async function attempt(
  draft: Draft,
  prepared: Prepared,
  effects: Effects,
  traceparent: string | undefined,
  clock: Clock,
): Promise<Outcome> {
  const { node } = prepared.action;
  const startedAt = clock.elapsed();
  const effect = effects[node.action_type as keyof Effects] as Effect;
  let timeout: AbortSignal | undefined;
  try {
    const output = await effect({
      tenantId: draft.row.tenantId,
      entityType: draft.row.entityType,
      entityId: draft.row.entityId,
      actionKey: actionKey(draft.row.id, node.id, actionState(draft.state, node.id).retry),
      input: prepared.input,
      nowMs: prepared.nowMs,
      causation: causationOf(draft),
      traceparent,
      // Only for those that can stop: a signal with its timer costs as much as a command to the CRM.
      get signal() {
        timeout ??= clock.timeout(timeoutMsOf(node));
        return timeout;
      },
      ...secretsOf(prepared),
    });
    return { kind: 'completed', input: prepared.input, output, durationMs: Math.round(clock.elapsed() - startedAt) };
  } catch (error) {
    return failure(error, node, timeout?.aborted ?? false, prepared.input, Math.round(clock.elapsed() - startedAt));
  }
}

function secretsOf({ action: { secretNames: names, render }, scope }: Prepared): Pick<Call, 'secrets'> {
  if (names.length === 0) return {};
  const reveal = (values: ReadonlyMap<string, string>) => {
    const rendered = render({ ...scope.template, secrets: values }, scope.event);
    if (rendered.kind === 'ready') return rendered.input as Record<string, unknown>;
    throw new TerminalError('invalid_input', 'Expected an input that can be sent with its secrets, but they make it another');
  };
  return { secrets: { names, reveal } };
}

function failure(error: unknown, { at_most_once: atMostOnce }: ActionNode, hasTimedOut: boolean, input: Json, durationMs: number): Outcome {
  if (error instanceof TerminalError) return failed(error, false, null, input, durationMs);
  if (atMostOnce && (hasTimedOut || error instanceof NoAnswerError))
    return { kind: 'unknown', reason: hasTimedOut ? 'timeout' : 'no_answer' };
  if (hasTimedOut) {
    return failed({ code: 'timeout', message: 'Expected an answer before the timeout, but there was none' }, true, null, input, durationMs);
  }
  if (error instanceof RetryableError) return failed(error, true, error.retryAfterMs ?? null, input, durationMs);
  return internal(error, input, durationMs);
}

/** A fault of ours: its code says so, and nothing is tried again. */
function internal(error: unknown, input: Json, durationMs: number): NoCall {
  const message = error instanceof Error ? error.message : String(error);
  return failed({ code: 'internal', message }, false, null, input, durationMs);
}

function failed(
  { code, message }: { code: string; message: string },
  retryable: boolean,
  retryAfterMs: number | null,
  input: Json,
  durationMs: number,
): NoCall {
  return { kind: 'failed', code, message, durationMs, retryable, retryAfterMs, input };
}

/** What everything that the instance causes carries: its start event's causation, one deeper. */
export function causationOf(draft: Draft): Causation {
  const event = draft.state.start?.event;
  const before = event?.causation ?? null;
  return {
    root_event_id: before?.root_event_id ?? event?.event_id ?? draft.row.id,
    depth: (before?.depth ?? 0) + 1,
    workflow_ids: [...(before?.workflow_ids ?? []), ...(draft.row.workflowId === null ? [] : [draft.row.workflowId])],
  };
}
