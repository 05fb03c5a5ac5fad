import { RetryableError, TerminalError } from '@millrace/runtime';
import type { ActionNode } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import { aDraft } from '../test/engine-turn.ts';
import { anAction, anEvent, aVersion, now } from '../test/instance-builders.ts';
import { attempt, causationOf, prepare } from './attempt.ts';
import { systemClock } from './clock.ts';
import type { Call, Effect } from './effects/effect.ts';
import type { Effects } from './effects/index.ts';
import { NoAnswerError, networkError } from './effects/no-answer.ts';
import { compileVersion } from './version-cache.ts';

const text = { action_type: 'send_sms', action_config: { to: '+15550001111', body: 'It is {{ now }}' } };

async function outcomeOf(effect: Effect, overrides: Partial<ActionNode> = {}) {
  const version = compileVersion(aVersion([anAction({ ...text, ...overrides })]));
  const draft = aDraft();
  const compiled = version.actionById.get(1);
  const prepared = compiled === undefined ? undefined : prepare(draft, version, compiled, now);
  if (prepared?.kind !== 'call') throw new Error('Expected a call, but there is none to make');
  return attempt(draft, prepared, { send_sms: effect } as unknown as Effects, '00-a-b-01', systemClock);
}

const failing = (error: unknown) => () => Promise.reject(error);
const unansweredUntilAborted: Effect = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

test('an effect is given the action key, the rendered input and the fixed now', async () => {
  let seen: Call | undefined;
  const outcome = await outcomeOf(async (call) => {
    seen = call;
    return { sid: 'SM1' };
  });
  expect(seen).toMatchObject({
    tenantId: 'acme',
    entityType: 'lead',
    entityId: 'lead-1',
    actionKey: `${'0'.repeat(32)}/1`,
    input: { to: '+15550001111', body: 'It is 2026-11-24T10:00:00.000Z' },
    nowMs: now,
    causation: { root_event_id: 'e-1', depth: 1, workflow_ids: [7] },
    traceparent: '00-a-b-01',
  });
  expect(outcome).toMatchObject({ kind: 'completed', input: seen?.input, output: { sid: 'SM1' }, durationMs: expect.any(Number) });
});

describe('what an effect throws', () => {
  test.each<[string, unknown, Record<string, unknown>]>([
    ['a fault for good', new TerminalError('sms_refused', 'Expected…'), { code: 'sms_refused', retryable: false }],
    [
      'a passing fault',
      new RetryableError('sms_unavailable', 'Expected…'),
      { code: 'sms_unavailable', retryable: true, retryAfterMs: null },
    ],
    ['one that says when', new RetryableError('http_429', 'Expected…', { retryAfterMs: 7_000 }), { retryable: true, retryAfterMs: 7_000 }],
    ['no answer', new NoAnswerError('sms_unavailable', 'Expected…'), { code: 'sms_unavailable', retryable: true }],
    ['a bug', new TypeError('x is undefined'), { code: 'internal', message: 'x is undefined', retryable: false }],
    ['no error at all', 'oops', { code: 'internal', message: 'oops', retryable: false }],
  ])('is what came of the attempt: %s', async (_, error, expected) => {
    expect(await outcomeOf(failing(error))).toMatchObject({ kind: 'failed', ...expected });
  });

  test('after the timeout is a timeout, whatever it is', async () => {
    expect(await outcomeOf(unansweredUntilAborted, { timeout_seconds: 0.01 })).toMatchObject({
      kind: 'failed',
      code: 'timeout',
      retryable: true,
    });
  });

  test('for good is that also where the time ran out meanwhile', async () => {
    const refusedLate: Effect = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new TerminalError('sms_refused', 'Expected…'))));
    expect(await outcomeOf(refusedLate, { timeout_seconds: 0.01 })).toMatchObject({ code: 'sms_refused', retryable: false });
  });
});

describe('an action that may run at most once', () => {
  const once = { at_most_once: true };

  test.each<[string, Effect, Partial<ActionNode>, string]>([
    ['whose answer never came', failing(new NoAnswerError('sms_unavailable', 'Expected…')), once, 'no_answer'],
    ['whose time ran out', unansweredUntilAborted, { ...once, timeout_seconds: 0.01 }, 'timeout'],
  ])('%s has an unknown outcome, and is not tried again', async (_, effect, overrides, reason) => {
    expect(await outcomeOf(effect, overrides)).toEqual({ kind: 'unknown', reason });
  });

  test.each<[string, unknown, boolean]>([
    ['the receiver answered that it may go later', new RetryableError('http_503', 'Expected…'), true],
    ['the receiver refused', new TerminalError('http_400', 'Expected…'), false],
    [
      'the connection was never made',
      networkError('http_unavailable', 'Expected…', Object.assign(new Error(), { code: 'ECONNREFUSED' })),
      true,
    ],
  ])('has a known one where %s', async (_, error, retryable) => {
    expect(await outcomeOf(failing(error), once)).toMatchObject({ kind: 'failed', retryable });
  });
});

describe('a fault of the network', () => {
  const withCode = (code: string, extra: object = {}) => Object.assign(new Error(code), { code, ...extra });

  test.each<[string, unknown, boolean]>([
    ['refused', withCode('ECONNREFUSED'), false],
    ['no such host', withCode('ENOTFOUND'), false],
    ['no way to it', withCode('EHOSTUNREACH'), false],
    ['connecting took too long', withCode('UND_ERR_CONNECT_TIMEOUT'), false],
    ['refused by every address', withCode('ECONN', { errors: [withCode('ECONNREFUSED'), withCode('ECONNREFUSED')] }), false],
    ['refused, inside another error', new Error('fetch failed', { cause: withCode('ECONNREFUSED') }), false],
    ['refused, under a library’s own code', withCode('ESOCKET', { originalCode: 'ECONNREFUSED' }), false],
    ['reset', withCode('ECONNRESET'), true],
    ['closed by the other end', withCode('UND_ERR_SOCKET'), true],
    ['timed out on the way', withCode('ETIMEDOUT'), true],
    ['unheard of', new Error('?'), true],
  ])('may have let the receiver act unless it was never reached: %s', (_, cause, mayHaveActed) => {
    expect(networkError('x', 'Expected…', cause) instanceof NoAnswerError).toBe(mayHaveActed);
  });
});

test('conditions and templates that break down fail the action, not the process', () => {
  const version = compileVersion(aVersion([anAction(text)]));
  const compiled = version.actionById.get(1);
  if (compiled === undefined) throw new Error('Expected the action, but it is not there');
  const broken = {
    ...compiled,
    render: () => {
      throw new TypeError('no such filter');
    },
  };
  expect(prepare(aDraft(), version, broken, now)).toMatchObject({
    kind: 'failed',
    code: 'internal',
    message: 'no such filter',
    retryable: false,
  });
});

test('what an instance causes is one deeper than its start event, with the workflows on the way', () => {
  const draft = aDraft({ event: anEvent({ causation: { root_event_id: 'root', depth: 3, workflow_ids: [1, 2] } }) });
  expect(causationOf(draft)).toEqual({ root_event_id: 'root', depth: 4, workflow_ids: [1, 2, 7] });
});
