import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideCancel, decideStart, type Start } from './decide-input.ts';
import { append, decideOutcome, decideStarted, hasEnded, type Outcome } from './decide-outcome.ts';
import { decideStep, progressOfInstance } from './decide-step.ts';
import type { Entry, NewEntry } from './entries.ts';
import { actionState, evolve, type InstanceState, initialState } from './state.ts';

const now = Date.UTC(2026, 10, 24, 10);
const start: Start = {
  event: {
    event_id: 'e-1',
    event_type: 'lead_created',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: new Date(now).toISOString(),
    source: 'test',
    bulk_id: null,
    causation: null,
    data: { lead_score: 80 },
    previous: null,
  },
  triggeredBy: 'event',
  triggeredByValue: 'e-1',
  triggerId: 1,
  nowMs: now - 5,
  origin: null,
  task: null,
  blocked: null,
};

const anAction = (overrides: Partial<ActionNode> = {}): ActionNode => ({
  id: 1,
  parent_id: null,
  arm: null,
  name: 'send_email_0',
  action_type: 'send_email',
  action_config: {},
  order: 0,
  delay_seconds: 0,
  conditions: null,
  retry_policy: null,
  timeout_seconds: null,
  on_error: 'fail',
  at_most_once: false,
  ...overrides,
});

const aVersion = (actions: ActionNode[]): WorkflowVersion => ({
  id: 7,
  tenant_id: 'acme',
  version: 1,
  name: 'Welcome',
  enabled: true,
  on_disable: 'finish',
  re_entry: 'always',
  cooldown_seconds: null,
  triggers: [],
  actions,
  waits_for: [],
});

const completed: Outcome = { kind: 'completed', input: { to: 'a@example.com' }, output: { message_id: 'm' }, durationMs: 12 };
const failedOnce: Outcome = {
  kind: 'failed',
  code: 'timeout',
  message: 'Expected…',
  durationMs: 9,
  retryable: true,
  retryAfterMs: null,
  input: null,
};
const refused: Outcome = { ...failedOnce, code: 'email_refused', retryable: false };

const started = (): InstanceState => append(initialState, decideStart(initialState, start, now)).state;
const then = (state: InstanceState, entries: NewEntry[]): InstanceState => append(state, entries).state;

describe('a start', () => {
  test('makes the instance running and fixes the first now to the record, not to the clock', () => {
    const state = started();
    expect(state).toMatchObject({ status: 'running', seq: 1, startedAtMs: now, nowBasisMs: now - 5 });
    expect(decideStep(state, aVersion([anAction()]), now)).toMatchObject({ kind: 'run', attempt: 1, nowMs: now - 5 });
  });

  test('that is delivered again decides to nothing', () => {
    expect(decideStart(started(), start, now + 1)).toEqual([]);
  });

  test('that is blocked makes a cancelled instance with the reason', () => {
    const entries = decideStart(initialState, { ...start, blocked: 'loop_blocked' }, now);
    expect(entries.map((entry) => entry.type)).toEqual(['instance_started', 'instance_cancelled']);
    expect(decideStep(then(initialState, entries), aVersion([anAction()]), now)).toEqual({ kind: 'ended' });
  });
});

describe('an action', () => {
  test('with a delay waits until its due time and then sees that time as now', () => {
    const version = aVersion([anAction({ delay_seconds: 300 })]);
    const step = decideStep(started(), version, now);
    expect(step).toMatchObject({ kind: 'record', entries: [{ type: 'delay_started' }] });
    const delayed = then(started(), step.kind === 'record' ? step.entries : []);
    const dueAt = now - 5 + 300_000;
    expect(decideStep(delayed, version, dueAt - 1)).toEqual({ kind: 'wait', untilMs: dueAt, waitingFor: 'delay' });
    expect(decideStep(delayed, version, dueAt)).toMatchObject({ kind: 'run', nowMs: dueAt });
  });

  test('that completes lets the next one see the moment of its commit as now', () => {
    const version = aVersion([anAction(), anAction({ id: 2, name: 'second', order: 1 })]);
    const state = then(started(), decideOutcome(started(), version.actions[0] as ActionNode, 1, completed, now + 40, 0));
    expect(decideStep(state, version, now + 90)).toMatchObject({ kind: 'run', action: { id: 2 }, nowMs: now + 40 });
    expect(state).toMatchObject({ executedActions: 1, failedActions: 0 });
    expect(progressOfInstance(state, version)).toBe(50);
  });

  test('that fails for a passing reason waits for its retry, with the same now', () => {
    const action = anAction();
    const state = then(started(), decideOutcome(started(), action, 1, failedOnce, now + 10, 1));
    expect(decideStep(state, aVersion([action]), now + 10)).toEqual({ kind: 'wait', untilMs: now + 10 + 1_000, waitingFor: 'retry' });
    expect(decideStep(state, aVersion([action]), now + 2_000)).toMatchObject({ kind: 'run', attempt: 2, nowMs: now - 5 });
  });

  test('is retried no earlier than the receiver asked', () => {
    const entries = decideOutcome(started(), anAction(), 1, { ...failedOnce, retryAfterMs: 60_000 }, now, 0);
    expect(entries).toMatchObject([{ type: 'attempt_failed', detail: { retry_at: new Date(now + 60_000).toISOString() } }]);
  });

  test('that fails for good fails the instance, or lets it go on where it says continue', () => {
    expect(decideOutcome(started(), anAction(), 1, refused, now, 0).map((entry) => entry.type)).toEqual([
      'action_failed',
      'instance_failed',
    ]);
    const lenient = anAction({ on_error: 'continue' });
    const state = then(started(), decideOutcome(started(), lenient, 1, refused, now, 0));
    expect(decideStep(state, aVersion([lenient]), now)).toMatchObject({ kind: 'record', entries: [{ type: 'instance_completed' }] });
  });

  test('fails when its attempts are used up', () => {
    const action = anAction({
      retry_policy: { max_attempts: 2, initial_interval_seconds: 1, backoff_coefficient: 1, max_interval_seconds: 1, jitter: 'none' },
    });
    const once = then(started(), decideOutcome(started(), action, 1, failedOnce, now, 0));
    expect(decideOutcome(once, action, 2, failedOnce, now, 0).map((entry) => entry.type)).toEqual(['action_failed', 'instance_failed']);
  });

  test.each([1, 2])('whose outcome of attempt %i is delivered again decides to nothing', (attempt) => {
    const action = anAction();
    const once = then(started(), decideOutcome(started(), action, 1, failedOnce, now, 0));
    const twice = then(once, decideOutcome(once, action, 2, completed, now, 0));
    expect(decideOutcome(twice, action, attempt, completed, now, 0)).toEqual([]);
  });
});

describe('a call whose caller is lost', () => {
  const until = now + 15_000;
  const running = (action: ActionNode) => then(started(), decideStarted(started(), action, 1, until, now));

  test('is waited for until its deadline', () => {
    expect(decideStep(running(anAction()), aVersion([anAction()]), until - 1)).toEqual({
      kind: 'wait',
      untilMs: until,
      waitingFor: 'action',
    });
  });

  test('is tried again as the next attempt', () => {
    const step = decideStep(running(anAction()), aVersion([anAction()]), until);
    expect(step).toMatchObject({ kind: 'record', entries: [{ type: 'attempt_failed', attempt: 1, error_code: 'caller_lost' }] });
  });

  test('is unknown, not repeated, where it must run at most once', () => {
    const action = anAction({ at_most_once: true });
    const step = decideStep(running(action), aVersion([action]), until);
    expect(step).toMatchObject({ kind: 'record', entries: [{ type: 'action_unknown' }, { type: 'instance_failed' }] });
  });
});

describe('a cancel', () => {
  test('ends an instance between two actions', () => {
    const state = then(started(), decideCancel(started(), { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now));
    expect(decideStep(state, aVersion([anAction()]), now)).toMatchObject({
      entries: [{ type: 'instance_cancelled', reason: 'requested' }],
    });
  });

  test('lets a running action have its outcome first', () => {
    const action = anAction();
    const running = then(started(), decideStarted(started(), action, 1, now + 15_000, now));
    const asked = then(running, decideCancel(running, { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now));
    expect(decideStep(asked, aVersion([action]), now + 1)).toMatchObject({ kind: 'wait', waitingFor: 'action' });
    const done = then(asked, decideOutcome(asked, action, 1, completed, now + 5, 0));
    expect(actionState(done, 1).status).toBe('completed');
    expect(decideStep(done, aVersion([action]), now + 5)).toMatchObject({ entries: [{ type: 'instance_cancelled' }] });
  });

  test('of an ended instance, and a second one, decide to nothing', () => {
    const once = then(started(), decideCancel(started(), { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now));
    expect(decideCancel(once, { requestedBy: 'user-2', reason: null, rowVersion: 1 }, now)).toEqual([]);
    const ended = then(started(), [{ type: 'instance_completed', at: now, status: 'completed' }]);
    expect(decideCancel(ended, { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now)).toEqual([]);
  });
});

test('any interleaving and duplication of valid inputs ends in a state that its journal gives again', () => {
  const version = aVersion([
    anAction(),
    anAction({ id: 2, name: 'b', order: 1, on_error: 'continue' }),
    anAction({ id: 3, name: 'c', order: 2 }),
  ]);
  const input = fc.oneof(
    fc.constant({ kind: 'start' as const }),
    fc.constant({ kind: 'cancel' as const }),
    fc.constant({ kind: 'step' as const }),
    fc.record({
      kind: fc.constant('outcome' as const),
      action: fc.integer({ min: 0, max: 2 }),
      attempt: fc.integer({ min: 1, max: 3 }),
      outcome: fc.constantFrom(completed, failedOnce, refused),
    }),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      let state: InstanceState = initialState;
      const journal: Entry[] = [];
      const apply = (entries: NewEntry[]) => {
        const next = append(state, entries);
        state = next.state;
        journal.push(...next.entries);
      };
      let time = now;
      apply(decideStart(state, start, time));
      for (const each of inputs) {
        time += 500;
        const ended = hasEnded(state);
        const before = journal.length;
        if (each.kind === 'start') apply(decideStart(state, start, time));
        if (each.kind === 'cancel') apply(decideCancel(state, { requestedBy: 'user-1', reason: null, rowVersion: 1 }, time));
        if (each.kind === 'outcome')
          apply(decideOutcome(state, version.actions[each.action] as ActionNode, each.attempt, each.outcome, time, 0.5));
        if (each.kind === 'step') {
          const step = decideStep(state, version, time);
          if (step.kind === 'record') apply(step.entries);
        }
        if (ended) expect(journal.length).toBe(before);
      }
      expect(journal.map((entry) => entry.seq)).toEqual(journal.map((_, index) => index + 1));
      expect(journal.reduce(evolve, initialState)).toEqual(state);
      expect(journal.filter((entry) => entry.type.startsWith('instance_') && entry.type !== 'instance_started').length).toBeLessThanOrEqual(
        1,
      );
    }),
  );
});
