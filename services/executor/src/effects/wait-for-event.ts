import { type ActionInputOf, addDuration, childrenOf, evaluate, timeoutArm } from '@millrace/workflow';
import type { Outcome } from '../instance/decide-outcome.ts';
import type { Json } from '../instance/entries.ts';
import { actionState } from '../instance/state.ts';
import type { EngineAction, Turn } from './engine-action.ts';

type Input = ActionInputOf<'wait_for_event'>;

/** Takes the first event of the inbox that fits and wasn't used, waits for one, or times out. */
export const waitForEvent: EngineAction<Input> = (turn) => {
  const { input, state, node, nowMs, atMs } = turn;
  const fitting = state.received.find(({ event, isUsed }) => !isUsed && event.event_type === input.event_name && holds(turn, event));
  if (fitting !== undefined) {
    return { kind: 'completed', input: null, output: { event: fitting.event as unknown as Json }, durationMs: 0 };
  }
  const { waitUntilMs } = actionState(state, node.id);
  const untilMs = waitUntilMs ?? (addDuration(nowMs, input.timeout) as number);
  return waitUntilMs === null || atMs < untilMs ? { kind: 'waiting', untilMs, eventName: input.event_name } : timedOut(turn);
};

/** Conditions read the awaited event where they would read the start event. */
function holds({ input, scope }: Turn<Input>, event: Turn['state']['received'][number]['event']): boolean {
  return evaluate(input.conditions ?? null, { ...scope.conditions, event, data: event.data, previous: event.previous }) === true;
}

function timedOut({ input, node, version }: Turn<Input>): Outcome {
  if (childrenOf(version.actions, node.id, timeoutArm).length > 0) return { kind: 'arm', arm: timeoutArm };
  if (input.on_timeout === 'continue') return { kind: 'completed', input: null, output: { timed_out: true }, durationMs: 0 };
  return {
    kind: 'failed',
    code: 'wait_timeout',
    message: `Expected ${input.event_name} before the timeout, but it did not come`,
    durationMs: 0,
    retryable: false,
    retryAfterMs: null,
    input: null,
  };
}
