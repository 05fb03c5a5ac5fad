import { type ActionInputOf, endOfDelay } from '@millrace/workflow';
import type { EngineAction } from './engine-action.ts';

export const delay: EngineAction<ActionInputOf<'delay'>> = ({ input, nowMs }) => {
  const untilMs = endOfDelay(input, nowMs);
  if (untilMs >= nowMs || input.on_past === 'run_now') return { kind: 'waiting', untilMs, eventName: null };
  if (input.on_past === 'skip') return { kind: 'skipped', reason: 'past' };
  return {
    kind: 'failed',
    code: 'past',
    message: `Expected a date to come, but ${new Date(untilMs).toISOString()} has passed`,
    durationMs: 0,
    retryable: false,
    retryAfterMs: null,
    input: null,
  };
};
