import type { ActionNode } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import {
  anAction,
  applied,
  attemptOf,
  completed,
  failedForNow,
  inArm,
  now,
  refused,
  started,
  typesOf,
} from '../../test/instance-builders.ts';
import { decideCancel, decideRetry } from './decide-input.ts';
import { decideOutcome, decideStarted, type Outcome } from './decide-outcome.ts';
import { actionState, type InstanceState } from './state.ts';

const decide = (state: InstanceState, action: ActionNode, outcome: Outcome, nodes: readonly ActionNode[] = [action], random = 0) =>
  decideOutcome(state, nodes, attemptOf(state, action), outcome, now, random);

describe('an attempt that', () => {
  test('succeeds completes its action with what went in and came out', () => {
    expect(decide(started(), anAction(), completed)).toEqual([
      {
        type: 'action_completed',
        at: now,
        status: 'completed',
        action_id: 1,
        action_name: 'action_1',
        action_type: 'send_email',
        attempt: 1,
        duration_ms: 12,
        detail: { input: { to: 'ada@example.com' }, output: { message_id: 'm-1' } },
      },
    ]);
  });

  test.each<[string, Outcome]>([
    ['completed', completed],
    ['failed for good', refused],
    ['skipped', { kind: 'skipped', reason: 'no_address' }],
    ['unknown', { kind: 'unknown', reason: 'no_answer' }],
  ])('has its outcome is not given another: %s', (_, outcome) => {
    const action = anAction({ on_error: 'continue' });
    const attempt = attemptOf(started(), action);
    const once = applied(started(), decide(started(), action, outcome));
    for (const other of [completed, failedForNow, refused, outcome])
      expect(decideOutcome(once, [action], attempt, other, now, 0)).toEqual([]);
  });

  test('failed is not given another outcome while the next one runs', () => {
    const action = anAction();
    const first = attemptOf(started(), action);
    const tried = applied(started(), decide(started(), action, failedForNow));
    expect(decideOutcome(tried, [action], first, completed, now, 0)).toEqual([]);
    const again = applied(tried, decide(tried, action, completed));
    expect(actionState(again, 1)).toMatchObject({ status: 'completed', attempts: 2 });
  });

  test('ends after its instance has ended decides to nothing', () => {
    const [one, two] = [anAction({ id: 1 }), anAction({ id: 2 })];
    const failed = applied(started(), decide(started(), one, refused));
    expect(decideOutcome(failed, [one, two], attemptOf(failed, two), completed, now, 0)).toEqual([]);
  });

  test('ends after its action was begun anew by hand decides to nothing', () => {
    const action = anAction();
    const late = attemptOf(started(), action);
    const failed = applied(started(), decide(started(), action, refused));
    const retried = applied(failed, decideRetry(failed, { requestedBy: 'user-1', rowVersion: 2, workflowVersion: 1 }, now));
    expect(decideOutcome(retried, [action], late, completed, now, 0)).toEqual([]);
    expect(typesOf(decide(retried, action, completed))).toEqual(['action_completed']);
  });
});

describe('a failure', () => {
  test.each([
    [0, 0],
    [0.5, 500],
    [0.999, 999],
  ])('that may pass is tried again after a random part of the wait: %d', (random, waitMs) => {
    expect(decide(started(), anAction(), failedForNow, [anAction()], random)).toMatchObject([
      { type: 'attempt_failed', attempt: 1, error_code: 'timeout', detail: { retry_at: new Date(now + waitMs).toISOString() } },
    ]);
  });

  test('is tried again no earlier than the receiver asked', () => {
    const entries = decide(started(), anAction(), { ...failedForNow, retryAfterMs: 60_000 });
    expect(entries).toMatchObject([{ detail: { retry_at: new Date(now + 60_000).toISOString() } }]);
  });

  test('is final once the attempts are used up', () => {
    const action = anAction({ retry_policy: { max_attempts: 2 } });
    const once = applied(started(), decide(started(), action, failedForNow));
    expect(typesOf(decide(once, action, failedForNow))).toEqual(['action_failed', 'instance_failed']);
  });

  test('for good fails the instance with its code', () => {
    expect(decide(started(), anAction(), refused)).toMatchObject([
      { type: 'action_failed', status: 'failed', error_code: 'email_refused' },
      { type: 'instance_failed', status: 'failed', reason: 'email_refused' },
    ]);
  });

  test('lets the rest go on where the action says continue', () => {
    expect(typesOf(decide(started(), anAction({ on_error: 'continue' }), refused))).toEqual(['action_failed']);
  });

  test('cancels the branches that it lies in, which have begun', () => {
    const actions = [
      anAction({ id: 1, action_type: 'branch' }),
      inArm(1, 'yes', { id: 2, action_type: 'split' }),
      inArm(2, 'a', { id: 3 }),
    ];
    const [branch, split, mail] = actions as [ActionNode, ActionNode, ActionNode];
    const inBranch = applied(started(), decide(started(), branch, { kind: 'arm', arm: 'yes' }, actions));
    const inSplit = applied(inBranch, decide(inBranch, split, { kind: 'arm', arm: 'a' }, actions));
    expect(decide(inSplit, mail, refused, actions)).toMatchObject([
      { type: 'action_failed', action_id: 3 },
      { type: 'action_cancelled', action_id: 1, reason: 'instance_failed' },
      { type: 'action_cancelled', action_id: 2, reason: 'instance_failed' },
      { type: 'instance_failed' },
    ]);
  });

  test('after a cancel was asked for is not tried again, and fails no instance that is to be cancelled', () => {
    const asked = applied(started(), decideCancel(started(), { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now));
    expect(typesOf(decide(asked, anAction(), failedForNow))).toEqual(['action_failed']);
  });

  test('of any length has a message that fits', () => {
    const [entry] = decide(started(), anAction(), { ...refused, message: `${'x'.repeat(999)}😀${'x'.repeat(5_000)}` });
    expect(entry).toMatchObject({ error_message: `${'x'.repeat(999)}\ufffd` });
  });
});

describe('an unknown outcome', () => {
  const unknown: Outcome = { kind: 'unknown', reason: 'no_answer' };

  test('fails the instance, or lets it go on where the action says so', () => {
    expect(decide(started(), anAction({ at_most_once: true }), unknown)).toMatchObject([
      { type: 'action_unknown', status: 'unknown', reason: 'no_answer' },
      { type: 'instance_failed', reason: 'outcome_unknown' },
    ]);
    expect(typesOf(decide(started(), anAction({ on_error: 'continue' }), unknown))).toEqual(['action_unknown']);
  });
});

describe('an arm', () => {
  const actions = [
    anAction({ id: 1, action_type: 'branch', on_error: 'continue' }),
    inArm(1, 'yes', { id: 2 }),
    inArm(1, 'no', { id: 3, action_type: 'branch' }),
    inArm(3, 'deep', { id: 4 }),
    inArm(1, 'else', { id: 5 }),
    anAction({ id: 6 }),
  ];
  const branch = actions[0] as ActionNode;
  const notTaken = (id: number) => ({ type: 'action_skipped', action_id: id, status: 'skipped', reason: 'branch_not_taken' });

  test('is taken once, and everything in the others is skipped, however deep', () => {
    const entries = decide(started(), branch, { kind: 'arm', arm: 'yes' }, actions);
    expect(entries).toMatchObject([{ type: 'arm_taken', action_id: 1, detail: { arm: 'yes' } }, notTaken(3), notTaken(4), notTaken(5)]);
    const taken = applied(started(), entries);
    expect(decide(taken, branch, { kind: 'arm', arm: 'no' }, actions)).toEqual([]);
  });

  test.each<[string, Outcome]>([
    ['is skipped itself', { kind: 'skipped', reason: 'condition_false' }],
    ['fails and lets the rest go on', refused],
  ])('is not taken by a branch that %s: all of them are skipped', (_, outcome) => {
    const entries = decide(started(), branch, outcome, actions);
    expect(entries.slice(1)).toMatchObject([notTaken(2), notTaken(3), notTaken(4), notTaken(5)]);
  });

  test('stays open in a branch that fails the instance: a retry by hand may take it', () => {
    expect(typesOf(decide(started(), { ...branch, on_error: 'fail' }, refused, actions))).toEqual(['action_failed', 'instance_failed']);
  });

  test('for a timeout is skipped where the event comes', () => {
    const nodes = [anAction({ id: 1, action_type: 'wait_for_event' }), inArm(1, 'timeout', { id: 2 })];
    expect(decide(started(), nodes[0] as ActionNode, { ...completed, output: { event: { event_id: 'e-2' } } }, nodes)).toMatchObject([
      { type: 'action_completed', action_id: 1 },
      notTaken(2),
    ]);
  });
});

describe('a wait', () => {
  test('begins once', () => {
    const action = anAction({ action_type: 'wait_for_event' });
    const waiting: Outcome = { kind: 'waiting', untilMs: now + 5_000, eventName: 'paid' };
    const entries = decide(started(), action, waiting);
    expect(entries).toMatchObject([{ type: 'wait_started', detail: { until: new Date(now + 5_000).toISOString(), event_name: 'paid' } }]);
    expect(decide(applied(started(), entries), action, waiting)).toEqual([]);
  });
});

describe('an exit', () => {
  test.each(['completed', 'failed', 'cancelled'] as const)(
    'ends the instance %s, with its reason, and cancels what it lies in',
    (status) => {
      const actions = [anAction({ id: 1, action_type: 'branch' }), inArm(1, 'yes', { id: 2, action_type: 'exit' }), anAction({ id: 3 })];
      const inBranch = applied(started(), decide(started(), actions[0] as ActionNode, { kind: 'arm', arm: 'yes' }, actions));
      const entries = decide(inBranch, actions[1] as ActionNode, { kind: 'exit', status, reason: 'is a customer', input: null }, actions);
      expect(entries).toMatchObject([
        { type: 'action_completed', action_id: 2, detail: { output: { status } } },
        { type: 'action_cancelled', action_id: 1, reason: `instance_${status}` },
        { type: `instance_${status}`, status, reason: 'is a customer' },
      ]);
      expect(applied(inBranch, entries)).toMatchObject({ status, executedActions: 1, failedActions: 0 });
    },
  );

  test('that had a delay of its own is not cancelled by itself', () => {
    const action = anAction({ action_type: 'exit', delay_seconds: 60 });
    const delayed = applied(started(), {
      type: 'delay_started',
      at: now,
      status: 'pending',
      action_id: 1,
      action_name: 'a',
      action_type: 'exit',
      detail: { until: new Date(now).toISOString() },
    });
    expect(typesOf(decide(delayed, action, { kind: 'exit', status: 'completed', reason: null, input: null }))).toEqual([
      'action_completed',
      'instance_completed',
    ]);
  });
});

describe('a start of a call', () => {
  test('is recorded once, and not for an attempt that has its outcome', () => {
    const action = anAction();
    const attempt = attemptOf(started(), action);
    const entries = decideStarted(started(), attempt, now + 15_000, now);
    expect(entries).toMatchObject([{ type: 'action_started', attempt: 1, detail: { deadline: new Date(now + 15_000).toISOString() } }]);
    const running = applied(started(), entries);
    expect(decideStarted(running, attempt, now + 15_000, now)).toEqual([]);
    const tried = applied(running, decideOutcome(running, [action], attempt, failedForNow, now, 0));
    expect(decideStarted(tried, attempt, now + 15_000, now)).toEqual([]);
    expect(typesOf(decideStarted(tried, attemptOf(tried, action), now + 15_000, now))).toEqual(['action_started']);
  });
});

describe('the input of an attempt', () => {
  test('is kept up to 16 KB and cut with a marker above', () => {
    const [whole] = decide(started(), anAction(), { ...completed, input: { body: 'x'.repeat(16_000) } } as Outcome);
    expect(whole).toMatchObject({ detail: { input: { body: 'x'.repeat(16_000) } } });
    const [cut] = decide(started(), anAction(), { ...completed, input: { body: 'x'.repeat(17_000) } } as Outcome);
    expect(cut).toMatchObject({ detail: { input: { truncated: true, length: 17_011, head: expect.stringMatching(/^\{"body":"x+$/) } } });
  });
});

describe('a run of a scheduled task', () => {
  const task = { id: 5, type: 'action', config: {}, revision: 1, max_retries: 1, retry_delay_seconds: 30 };
  const action = anAction({ id: 0, retry_policy: { max_attempts: 1 } });

  test('that fails is tried again from the failed action, as often as the task says', () => {
    const state = started({ task });
    const failed = decide(state, action, failedForNow);
    expect(failed).toMatchObject([
      { type: 'action_failed' },
      { type: 'run_retried', attempt: 1, reason: 'timeout', detail: { retry_at: new Date(now + 30_000).toISOString() } },
    ]);
    const again = applied(state, failed);
    expect(again).toMatchObject({ executedActions: 0, failedActions: 0, status: 'running' });
    expect(decideOutcome(again, [action], attemptOf(state, action), completed, now, 0)).toEqual([]);
    expect(typesOf(decide(again, action, failedForNow))).toEqual(['action_failed', 'instance_failed']);
  });
});
