import { expect, test } from 'vitest';
import {
  anAction,
  applied,
  attemptOf,
  aVersion,
  completed,
  entriesOf,
  failedForNow,
  now,
  recordedAt,
  refused,
  started,
  typesOf,
} from '../../test/instance-builders.ts';
import { decideCancel } from './decide-input.ts';
import { decideOutcome, type Outcome } from './decide-outcome.ts';
import { decideStep } from './decide-step.ts';
import type { NewEntry, TaskRun } from './entries.ts';
import { actionState, type InstanceState } from './state.ts';

const task = (overrides: Partial<TaskRun> = {}): TaskRun => ({
  id: 9,
  type: 'action',
  config: {},
  revision: 1,
  max_retries: 2,
  retry_delay_seconds: 60,
  ...overrides,
});
const mail = anAction({ id: 0 });
const outcomeOf = (state: InstanceState, outcome: Outcome, action = mail, nodes = [action], atMs = now): NewEntry[] =>
  decideOutcome(state, nodes, attemptOf(state, action), outcome, atMs, 0);
const retried = (state: InstanceState, action = mail): InstanceState => applied(state, outcomeOf(state, refused, action));

test('a run that fails is tried again after the delay, from the action that failed', () => {
  const before = started({ task: task() });
  const entries = outcomeOf(before, refused);
  expect(entries).toMatchObject([
    { type: 'action_failed', status: 'failed', error_code: 'email_refused' },
    {
      type: 'run_retried',
      status: 'running',
      reason: 'email_refused',
      attempt: 1,
      detail: { retry_at: new Date(now + 60_000).toISOString() },
    },
  ]);
  const state = applied(before, entries);
  expect(decideStep(state, aVersion([mail]), now + 59_999)).toEqual({ kind: 'wait', untilMs: now + 60_000, waitingFor: 'retry' });
  expect(decideStep(state, aVersion([mail]), now + 60_000)).toEqual({
    kind: 'run',
    attempt: { action: mail, round: 1, number: 1 },
    nowMs: recordedAt,
  });
});

test('each try has the same key and the same now, its own delay included', () => {
  const delayed = anAction({ id: 0, delay_seconds: 30 });
  const waiting = applied(started({ task: task() }), entriesOf(decideStep(started({ task: task() }), aVersion([delayed]), now)));
  const first = decideStep(waiting, aVersion([delayed]), now + 30_000);
  const state = applied(waiting, outcomeOf(waiting, refused, delayed, [delayed], now + 30_000));
  const second = decideStep(state, aVersion([delayed]), now + 90_000);
  expect([first, second]).toMatchObject([
    { kind: 'run', nowMs: recordedAt + 30_000 },
    { kind: 'run', nowMs: recordedAt + 30_000 },
  ]);
  expect(actionState(state, 0).retry).toBe(actionState(waiting, 0).retry);
});

test('after max_retries the run fails with what the last try said', () => {
  const state = retried(retried(started({ task: task() })));
  expect(state).toMatchObject({ status: 'running', runRetries: 2 });
  expect(outcomeOf(state, refused)).toMatchObject([{ type: 'action_failed' }, { type: 'instance_failed', reason: 'email_refused' }]);
});

test('only the last try keeps the input, which is the same in all', () => {
  const input = { to: 'ada@example.com' };
  const before = started({ task: task({ max_retries: 1 }) });
  const [first] = outcomeOf(before, { ...refused, input });
  expect(first).not.toHaveProperty('detail');
  expect(outcomeOf(retried(before), { ...refused, input })[0]).toMatchObject({ type: 'action_failed', detail: { input } });
});

test('a task without retries fails at once', () => {
  const entries = outcomeOf(started({ task: task({ max_retries: 0 }) }), refused);
  expect(typesOf(entries)).toEqual(['action_failed', 'instance_failed']);
});

test('an action that fails and then succeeds counts once, as executed', () => {
  const state = retried(retried(started({ task: task() })));
  expect(state).toMatchObject({ executedActions: 0, failedActions: 0 });
  const done = applied(state, outcomeOf(state, completed));
  expect(done).toMatchObject({ executedActions: 1, failedActions: 0 });
  const failed = applied(state, outcomeOf(state, refused));
  expect(failed).toMatchObject({ status: 'failed', executedActions: 1, failedActions: 1 });
});

test('the action’s own attempts come first in every try of the run', () => {
  const action = anAction({ id: 0, retry_policy: { max_attempts: 2 } });
  let state = started({ task: task({ max_retries: 1 }) });
  const types: string[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const entries = outcomeOf(state, failedForNow, action);
    types.push(...typesOf(entries));
    state = applied(state, entries);
  }
  expect(types).toEqual(['attempt_failed', 'action_failed', 'run_retried', 'attempt_failed', 'action_failed', 'instance_failed']);
});

test('what came of an earlier try comes too late', () => {
  const state = started({ task: task() });
  const attempt = attemptOf(state, mail);
  expect(decideOutcome(retried(state), [mail], attempt, completed, now, 0)).toEqual([]);
});

test('a cancel while it waits for its next try ends it, cancelled', () => {
  const waiting = retried(started({ task: task() }));
  const state = applied(waiting, decideCancel(waiting, { requestedBy: 'user-1', reason: 'enough', rowVersion: 3 }, now));
  expect(entriesOf(decideStep(state, aVersion([mail]), now))).toMatchObject([
    { type: 'action_cancelled', action_id: 0 },
    { type: 'instance_cancelled', reason: 'enough' },
  ]);
});

test('a cancel that came before the failure leaves nothing to try again', () => {
  const before = started({ task: task() });
  const state = applied(before, decideCancel(before, { requestedBy: 'user-1', reason: null, rowVersion: 3 }, now));
  expect(typesOf(outcomeOf(state, refused))).toEqual(['action_failed']);
});

test('what is done at most once is not tried again where nobody knows whether it was done', () => {
  const once = anAction({ id: 0, at_most_once: true });
  const state = started({ task: task() });
  expect(outcomeOf(state, { kind: 'unknown', reason: 'no_answer' }, once)).toMatchObject([
    { type: 'action_unknown' },
    { type: 'instance_failed', reason: 'outcome_unknown' },
  ]);
  expect(typesOf(outcomeOf(state, refused, once))).toEqual(['action_failed', 'run_retried']);
});

test('a failure that is to be continued after is no failure of the run', () => {
  const optional = anAction({ id: 0, on_error: 'continue' });
  expect(typesOf(outcomeOf(started({ task: task() }), refused, optional))).toEqual(['action_failed']);
});

test('a workflow’s run is tried again where it failed: what was done before stays done', () => {
  const nodes = [anAction({ id: 1, action_type: 'add_tag' }), anAction({ id: 2 })] as const;
  const before = started({ task: task({ type: 'workflow' }) });
  const tagged = applied(before, outcomeOf(before, completed, nodes[0], [...nodes]));
  const state = applied(tagged, outcomeOf(tagged, refused, nodes[1], [...nodes]));
  expect(actionState(state, 1).status).toBe('completed');
  expect(decideStep(state, aVersion(nodes), now + 60_000)).toMatchObject({ kind: 'run', attempt: { action: { id: 2 }, number: 1 } });
});
