import type { ActionNode } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import {
  anAction,
  applied,
  attemptOf,
  aVersion,
  completed,
  entriesOf,
  failedForNow,
  inArm,
  now,
  recordedAt,
  refused,
  started,
  typesOf,
} from '../../test/instance-builders.ts';
import { decideCancel } from './decide-input.ts';
import { decideOutcome, decideStarted, type Outcome } from './decide-outcome.ts';
import { decideStep, progressOfInstance } from './decide-step.ts';
import type { InstanceState } from './state.ts';

const record = (state: InstanceState, nodes: readonly ActionNode[], action: ActionNode, outcome: Outcome, atMs = now, random = 0) =>
  applied(state, decideOutcome(state, nodes, attemptOf(state, action), outcome, atMs, random));
const cancel = (state: InstanceState) => applied(state, decideCancel(state, { requestedBy: 'user-1', reason: null, rowVersion: 1 }, now));

describe('an instance', () => {
  test('without actions completes at once', () => {
    expect(decideStep(started(), aVersion([]), now + 7)).toMatchObject({
      kind: 'record',
      entries: [{ type: 'instance_completed', duration_ms: 7 }],
    });
  });

  test('that has ended has no step', () => {
    const state = applied(started(), entriesOf(decideStep(started(), aVersion([]), now)));
    expect(decideStep(state, aVersion([anAction()]), now)).toEqual({ kind: 'ended' });
  });
});

describe('now', () => {
  test('is the time of the record for the first action, whatever the clock says', () => {
    expect(decideStep(started(), aVersion([anAction()]), now + 60_000)).toMatchObject({ kind: 'run', nowMs: recordedAt });
  });

  test('is the moment of the last call’s commit for what follows it', () => {
    const actions = [anAction({ id: 1 }), anAction({ id: 2 })];
    const state = record(started(), actions, actions[0] as ActionNode, completed, now + 40);
    expect(decideStep(state, aVersion(actions), now + 90)).toMatchObject({ kind: 'run', attempt: { action: { id: 2 } }, nowMs: now + 40 });
  });

  test.each<[string, Partial<ActionNode>, Outcome]>([
    ['an action that only sends a command', { action_type: 'add_tag' }, completed],
    ['a call that was skipped', { action_type: 'send_email' }, { kind: 'skipped', reason: 'condition_false' }],
    ['a variable', { action_type: 'set_variable' }, { ...completed, output: { name: 'a', value: 1 } }],
  ])('stays what it is after %s', (_, overrides, outcome) => {
    const actions = [anAction({ id: 1, ...overrides }), anAction({ id: 2 })];
    const state = record(started(), actions, actions[0] as ActionNode, outcome, now + 40);
    expect(decideStep(state, aVersion(actions), now + 90)).toMatchObject({ kind: 'run', nowMs: recordedAt });
  });

  test('stays what it is when a branch skips calls of the arms that it does not take', () => {
    const actions = [
      anAction({ id: 1, action_type: 'branch' }),
      inArm(1, 'no', { id: 2 }),
      inArm(1, 'yes', { id: 3, action_type: 'add_tag' }),
    ];
    const state = record(started(), actions, actions[0] as ActionNode, { kind: 'arm', arm: 'yes' }, now + 40);
    expect(decideStep(state, aVersion(actions), now + 90)).toMatchObject({
      kind: 'run',
      attempt: { action: { id: 3 } },
      nowMs: recordedAt,
    });
  });

  test('is the end of its own delay for an action that has one, in all its attempts', () => {
    const action = anAction({ delay_seconds: 300, retry_policy: { initial_interval_seconds: 1, jitter: 'none' } });
    const version = aVersion([action]);
    const delayed = applied(started(), entriesOf(decideStep(started(), version, now)));
    const dueAt = recordedAt + 300_000;
    expect(decideStep(delayed, version, dueAt - 1)).toEqual({ kind: 'wait', untilMs: dueAt, waitingFor: 'delay' });
    expect(decideStep(delayed, version, dueAt)).toMatchObject({ kind: 'run', attempt: { number: 1 }, nowMs: dueAt });
    const tried = record(delayed, version.actions, action, failedForNow, dueAt + 700);
    expect(decideStep(tried, version, dueAt + 1_700)).toMatchObject({ kind: 'run', attempt: { number: 2 }, nowMs: dueAt });
  });

  test('is the end of a delay action for what follows it, and never before the delay’s own delay', () => {
    const actions = [anAction({ id: 1, action_type: 'delay', delay_seconds: 60 }), anAction({ id: 2 })];
    const own = applied(started(), entriesOf(decideStep(started(), aVersion(actions), now)));
    const ownEnd = recordedAt + 60_000;
    const waiting = (untilMs: number) =>
      record(own, actions, actions[0] as ActionNode, { kind: 'waiting', untilMs, eventName: null }, ownEnd);
    const ended = (state: InstanceState, atMs: number) => applied(state, entriesOf(decideStep(state, aVersion(actions), atMs)));
    expect(decideStep(ended(waiting(ownEnd + 5_000), ownEnd + 9_000), aVersion(actions), ownEnd + 9_000)).toMatchObject({
      nowMs: ownEnd + 5_000,
    });
    expect(decideStep(ended(waiting(ownEnd - 5_000), ownEnd), aVersion(actions), ownEnd)).toMatchObject({ nowMs: ownEnd });
  });
});

describe('a retry', () => {
  const action = anAction();
  const tried = record(started(), [action], action, failedForNow, now + 10, 1);

  test('waits for its time and is the next attempt', () => {
    expect(decideStep(tried, aVersion([action]), now + 10)).toEqual({ kind: 'wait', untilMs: now + 1_010, waitingFor: 'retry' });
    expect(decideStep(tried, aVersion([action]), now + 1_010)).toMatchObject({ kind: 'run', attempt: { number: 2, round: 0 } });
  });
});

describe('a call whose caller is lost', () => {
  const until = now + 15_000;
  const running = (action: ActionNode, state = started()) => applied(state, decideStarted(state, attemptOf(state, action), until, now));

  test('is waited for until its deadline', () => {
    expect(decideStep(running(anAction()), aVersion([anAction()]), until - 1)).toEqual({
      kind: 'wait',
      untilMs: until,
      waitingFor: 'action',
    });
  });

  test('is tried again as the next attempt', () => {
    expect(decideStep(running(anAction()), aVersion([anAction()]), until)).toMatchObject({
      kind: 'record',
      entries: [{ type: 'attempt_failed', attempt: 1, error_code: 'caller_lost' }],
    });
  });

  test('is unknown, not repeated, where it may run at most once', () => {
    const action = anAction({ at_most_once: true });
    const step = decideStep(running(action), aVersion([action]), until);
    expect(step).toMatchObject({
      entries: [
        { type: 'action_unknown', reason: 'caller_lost' },
        { type: 'instance_failed', reason: 'outcome_unknown' },
      ],
    });
  });

  test('that is unknown lets the rest go on where the action says so', () => {
    const actions = [anAction({ id: 1, at_most_once: true, on_error: 'continue' }), anAction({ id: 2 })];
    const state = applied(
      running(actions[0] as ActionNode),
      entriesOf(decideStep(running(actions[0] as ActionNode), aVersion(actions), until)),
    );
    expect(decideStep(state, aVersion(actions), until)).toMatchObject({ kind: 'run', attempt: { action: { id: 2 } }, nowMs: until });
    expect(state).toMatchObject({ executedActions: 1, failedActions: 1 });
  });

  test('is unknown where a cancel waits for it, and then cancelled', () => {
    const asked = cancel(running(anAction()));
    expect(decideStep(asked, aVersion([anAction()]), until - 1)).toMatchObject({ kind: 'wait', waitingFor: 'action' });
    const lost = applied(asked, entriesOf(decideStep(asked, aVersion([anAction()]), until)));
    expect(lost.actionById.get(1)).toMatchObject({ status: 'unknown' });
    expect(decideStep(lost, aVersion([anAction()]), until)).toMatchObject({
      entries: [{ type: 'instance_cancelled', reason: 'requested' }],
    });
  });
});

describe('a cancel', () => {
  test('ends an instance between two actions', () => {
    expect(decideStep(cancel(started()), aVersion([anAction()]), now)).toMatchObject({
      entries: [{ type: 'instance_cancelled', status: 'cancelled', reason: 'requested' }],
    });
  });

  test('of an instance whose actions are all done cancels it all the same: it came first', () => {
    const state = cancel(record(started(), [anAction()], anAction(), completed));
    expect(decideStep(state, aVersion([anAction()]), now)).toMatchObject({ entries: [{ type: 'instance_cancelled' }] });
  });

  test('lets a running call have its outcome first', () => {
    const action = anAction();
    const running = applied(started(), decideStarted(started(), attemptOf(started(), action), now + 15_000, now));
    const asked = cancel(running);
    const done = record(asked, [action], action, completed, now + 5);
    expect(done.actionById.get(1)).toMatchObject({ status: 'completed' });
    expect(typesOf(entriesOf(decideStep(done, aVersion([action]), now + 5)))).toEqual(['instance_cancelled']);
  });

  test('does not wait for a retry: what fails while it waits is not tried again', () => {
    const asked = cancel(started());
    const failed = decideOutcome(asked, [anAction()], attemptOf(asked, anAction()), failedForNow, now, 0);
    expect(typesOf(failed)).toEqual(['action_failed']);
  });

  test.each<[string, (state: InstanceState, nodes: readonly ActionNode[]) => InstanceState]>([
    ['a delay', (state, nodes) => applied(state, entriesOf(decideStep(state, aVersion(nodes), now)))],
    [
      'a wait',
      (state, nodes) => record(state, nodes, nodes[0] as ActionNode, { kind: 'waiting', untilMs: now + 9_000, eventName: 'paid' }),
    ],
    ['a retry', (state, nodes) => record(state, nodes, nodes[0] as ActionNode, failedForNow, now, 1)],
  ])('cancels what has begun and is not finished: %s', (_, begin) => {
    const nodes = [anAction({ delay_seconds: 60 })];
    const state = cancel(begin(started(), nodes));
    const step = decideStep(state, aVersion(nodes), now + 1);
    expect(entriesOf(step)).toMatchObject([
      {
        type: 'action_cancelled',
        status: 'cancelled',
        action_id: 1,
        action_name: 'action_1',
        action_type: 'send_email',
        reason: 'instance_cancelled',
      },
      { type: 'instance_cancelled' },
    ]);
  });
});

describe('progress', () => {
  const actions = [anAction({ id: 1, action_type: 'branch' }), inArm(1, 'yes', { id: 2 }), inArm(1, 'yes', { id: 3 }), anAction({ id: 4 })];
  const version = aVersion(actions);
  const [branch, first, second, last] = actions as [ActionNode, ActionNode, ActionNode, ActionNode];
  const taken = record(started(), actions, branch, { kind: 'arm', arm: 'yes' });
  const inside = record(taken, actions, first, completed);
  const armDone = record(inside, actions, second, completed);
  const branchDone = applied(armDone, entriesOf(decideStep(armDone, version, now)));
  const allDone = record(branchDone, actions, last, completed);
  const ended = applied(allDone, entriesOf(decideStep(allDone, version, now)));

  test.each<[string, InstanceState, number, number]>([
    ['nothing is done', started(), 0, 0],
    ['an arm is taken', taken, 0, 0],
    ['one action of the arm is done', inside, 0, 1],
    ['the arm is done, but not its branch', armDone, 0, 2],
    ['the branch is done', branchDone, 50, 2],
    ['all is done but not ended', allDone, 99, 3],
    ['it is completed', ended, 100, 3],
  ])('counts the own list only, and executed actions leaves only: %s', (_, state, progress, executed) => {
    expect(progressOfInstance(state, version)).toBe(progress);
    expect(state.executedActions).toBe(executed);
  });

  test('is 100 only for a completed instance', () => {
    const failed = record(branchDone, actions, last, refused);
    expect(failed.status).toBe('failed');
    expect(progressOfInstance(failed, version)).toBe(99);
  });
});

test('the branch says which arm it has run', () => {
  const actions = [anAction({ id: 1, action_type: 'split' }), inArm(1, 'b', { id: 2 })];
  const [split, mail] = actions as [ActionNode, ActionNode];
  const done = record(record(started(), actions, split, { kind: 'arm', arm: 'b' }, now + 1), actions, mail, completed, now + 50);
  expect(decideStep(done, aVersion(actions), now + 60)).toMatchObject({
    entries: [{ type: 'action_completed', action_id: 1, duration_ms: 59, detail: { output: { arm: 'b' } } }],
  });
});
