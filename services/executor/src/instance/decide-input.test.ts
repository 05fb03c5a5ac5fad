import type { ActionNode } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import {
  anAction,
  anEvent,
  applied,
  aStart,
  attemptOf,
  aVersion,
  completed,
  entriesOf,
  inArm,
  now,
  recordedAt,
  refused,
  started,
  typesOf,
} from '../../test/instance-builders.ts';
import { decideCancel, decideEvent, decideRetry, decideStart, type RetryRequest } from './decide-input.ts';
import { decideOutcome, type Outcome } from './decide-outcome.ts';
import { decideStep } from './decide-step.ts';
import type { NewEntry } from './entries.ts';
import { actionState, type InstanceState, initialState } from './state.ts';

const aCancel = { requestedBy: 'user-1', reason: null, rowVersion: 1 };
const aRetry = (overrides: Partial<RetryRequest> = {}): RetryRequest => ({
  requestedBy: 'user-1',
  rowVersion: 2,
  workflowVersion: 1,
  ...overrides,
});
const record = (state: InstanceState, nodes: readonly ActionNode[], id: number, outcome: Outcome, atMs = now) => {
  const action = nodes.find((node) => node.id === id) as ActionNode;
  return applied(state, decideOutcome(state, nodes, attemptOf(state, action), outcome, atMs, 0));
};

describe('a start', () => {
  test('makes the instance running and fixes now to the record, not to the clock', () => {
    expect(started()).toMatchObject({ status: 'running', seq: 1, startedAtMs: now, nowBasisMs: recordedAt });
  });

  test.each<[string, InstanceState]>([
    ['is running', started()],
    ['has ended', applied(started(), { type: 'instance_completed', at: now, status: 'completed' })],
  ])('of an instance that %s decides to nothing', (_, state) => {
    expect(decideStart(state, aStart(), now + 1)).toEqual([]);
  });

  test('that is blocked makes an instance that is cancelled with the reason, and has no effect', () => {
    const entries = decideStart(initialState, aStart({ blocked: 'loop_blocked' }), now);
    expect(entries).toMatchObject([{ type: 'instance_started' }, { type: 'instance_cancelled', reason: 'loop_blocked' }]);
    expect(decideStep(applied(initialState, entries), aVersion([anAction()]), now)).toEqual({ kind: 'ended' });
  });
});

describe('the trace of a start', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  test('is kept for what goes on later, and is not part of the log', () => {
    const [entry] = decideStart(initialState, { ...aStart(), traceparent }, now);
    expect(entry).toMatchObject({ type: 'instance_started', traceparent });
    expect(JSON.stringify(entry && 'detail' in entry ? entry.detail : {})).not.toContain(traceparent);
    expect(applied(initialState, [entry as NewEntry]).traceparent).toBe(traceparent);
  });

  test.each([undefined, '', 'x'.repeat(10_000), `${traceparent}-x`])('is dropped where it is none: %j', (text) => {
    const [entry] = decideStart(initialState, { ...aStart(), traceparent: text }, now);
    expect(entry).not.toHaveProperty('traceparent');
  });
});

describe('a cancel', () => {
  test('is stored once', () => {
    const asked = applied(started(), decideCancel(started(), { ...aCancel, reason: 'a mistake' }, now));
    expect(asked.cancelRequested).toEqual({ reason: 'a mistake' });
    expect(decideCancel(asked, { ...aCancel, requestedBy: 'user-2' }, now)).toEqual([]);
  });

  test('of an instance that has ended decides to nothing', () => {
    const ended = applied(started(), { type: 'instance_completed', at: now, status: 'completed' });
    expect(decideCancel(ended, aCancel, now)).toEqual([]);
  });

  test('from before a retry by hand does not cancel what the retry has begun; one from after it does', () => {
    const nodes = [anAction()];
    const failed = record(started(), nodes, 1, refused);
    const retried = applied(failed, decideRetry(failed, aRetry({ rowVersion: 4 }), now));
    expect(decideCancel(retried, { ...aCancel, rowVersion: 4 }, now)).toEqual([]);
    expect(decideCancel(retried, { ...aCancel, rowVersion: 3 }, now)).toEqual([]);
    expect(typesOf(decideCancel(retried, { ...aCancel, rowVersion: 5 }, now))).toEqual(['cancel_requested']);
  });
});

describe('a retry by hand', () => {
  const nodes = [anAction({ id: 1 }), anAction({ id: 2, delay_seconds: 60 }), anAction({ id: 3 })];
  const firstDone = record(started(), nodes, 1, completed);
  const delayed = applied(firstDone, entriesOf(decideStep(firstDone, aVersion(nodes), now)));
  const failed = record(delayed, nodes, 2, refused, now + 60_000);
  const retried = applied(failed, decideRetry(failed, aRetry({ rowVersion: 4, workflowVersion: 2 }), now + 90_000));

  test('goes on from the failed action, with a key and attempts of its own and now fixed anew', () => {
    expect(failed).toMatchObject({ status: 'failed', executedActions: 2, failedActions: 1 });
    expect(retried).toMatchObject({ status: 'running', executedActions: 1, failedActions: 0, completedAtMs: null, retries: 1 });
    expect(actionState(retried, 2)).toMatchObject({ status: 'pending', attempts: 0, retry: 1, round: 1 });
    expect(decideStep(retried, aVersion(nodes), now + 90_000)).toMatchObject({
      kind: 'run',
      attempt: { action: { id: 2 }, number: 1, round: 1 },
      nowMs: now + 90_000,
    });
  });

  test('keeps the results of what was completed', () => {
    expect(actionState(retried, 1)).toMatchObject({ status: 'completed', output: { message_id: 'm-1' }, retry: 0 });
  });

  test('does not wait again for a delay that has passed', () => {
    expect(decideStep(retried, aVersion(nodes), now + 90_001).kind).toBe('run');
  });

  test('is decided once, and only on the row that its sender saw', () => {
    expect(decideRetry(retried, aRetry({ rowVersion: 4 }), now)).toEqual([]);
    const failedAgain = record(retried, nodes, 2, refused);
    expect(decideRetry(failedAgain, aRetry({ rowVersion: 4 }), now)).toEqual([]);
    expect(typesOf(decideRetry(failedAgain, aRetry({ rowVersion: 6 }), now))).toEqual(['retry_requested']);
  });

  test.each(['completed', 'cancelled'] as const)('of an instance that is %s decides to nothing', (status) => {
    const ended = applied(started(), { type: `instance_${status}`, at: now, status });
    expect(decideRetry(ended, aRetry(), now)).toEqual([]);
  });

  test('takes the branches up again in which the action lies, and goes on after them', () => {
    const tree = [anAction({ id: 1, action_type: 'branch' }), inArm(1, 'yes', { id: 2 }), anAction({ id: 3 })];
    const inBranch = record(record(started(), tree, 1, { kind: 'arm', arm: 'yes' }), tree, 2, refused);
    expect(actionState(inBranch, 1).status).toBe('cancelled');
    const again = applied(inBranch, decideRetry(inBranch, aRetry(), now));
    expect(actionState(again, 1)).toMatchObject({ status: 'running', arm: 'yes' });
    const step = decideStep(record(again, tree, 2, completed), aVersion(tree), now);
    expect(step).toMatchObject({ entries: [{ type: 'action_completed', action_id: 1 }] });
  });

  test.each<[string, Partial<ActionNode>, Outcome, [number, number]]>([
    ['a call', {}, refused, [1, 1]],
    ['a call with an unknown outcome', { at_most_once: true }, { kind: 'unknown', reason: 'no_answer' }, [1, 1]],
    ['an exit', { action_type: 'exit' }, { kind: 'exit', status: 'failed', reason: null, input: null }, [1, 0]],
    ['a branch, which is no leaf', { action_type: 'branch' }, refused, [0, 0]],
  ])('takes back what the failed action counted: %s', (_, overrides, outcome, [executed, failures]) => {
    const tree = [anAction(overrides)];
    const ended = record(started(), tree, 1, outcome);
    expect(ended).toMatchObject({ status: 'failed', executedActions: executed, failedActions: failures });
    expect(applied(ended, decideRetry(ended, aRetry(), now))).toMatchObject({ status: 'running', executedActions: 0, failedActions: 0 });
  });

  test('counts each further one in the action’s key', () => {
    const twice = record(retried, nodes, 2, refused);
    expect(actionState(applied(twice, decideRetry(twice, aRetry({ rowVersion: 9 }), now)), 2)).toMatchObject({ retry: 2, round: 2 });
  });

  test('waits anew for an event whose timeout had passed', () => {
    const wait = [anAction({ action_type: 'wait_for_event' })];
    const waiting = record(started(), wait, 1, { kind: 'waiting', untilMs: now + 5, eventName: 'paid' });
    const timedOut = record(waiting, wait, 1, { ...refused, code: 'wait_timeout' } as Outcome);
    expect(actionState(applied(timedOut, decideRetry(timedOut, aRetry(), now)), 1).waitUntilMs).toBeNull();
  });
});

describe('an event that is delivered', () => {
  const origin = { topic: 'crm.events', partition: 3, offset: 101 };
  const awaited = anEvent({ event_id: 'e-2', event_type: 'task_completed' });
  const deliver = (state: InstanceState, event = awaited, from = origin) => decideEvent(state, event, from, now);
  const receive = (state: InstanceState, event = awaited) => {
    const delivery = deliver(state, event);
    return delivery.kind === 'received' ? applied(state, delivery.entries) : state;
  };

  test('goes into the inbox', () => {
    expect(deliver(started())).toMatchObject({
      kind: 'received',
      entries: [{ type: 'event_received', detail: { event: { event_id: 'e-2' } } }],
    });
    expect(receive(started()).received).toMatchObject([{ event: { event_id: 'e-2' }, isUsed: false }]);
  });

  test.each<[string, InstanceState, Parameters<typeof decideEvent>[1], Parameters<typeof decideEvent>[2], string]>([
    ['its own start event', started(), anEvent(), origin, 'own_start'],
    ['what lies before its start on the same partition', started(), awaited, { ...origin, offset: 99 }, 'before_start'],
    ['one that is there already', receive(started()), awaited, { ...origin, offset: 500 }, 'repeated'],
    ['any once it has ended', applied(started(), { type: 'instance_failed', at: now, status: 'failed' }), awaited, origin, 'ended'],
    ['any before it has started', initialState, awaited, origin, 'ended'],
  ])('is not taken: %s', (_, state, event, from, reason) => {
    expect(deliver(state, event, from)).toEqual({ kind: 'dropped', reason });
  });

  test.each<[string, InstanceState, Partial<typeof origin>]>([
    ['on another partition', started(), { partition: 4, offset: 1 }],
    ['on another topic', started(), { topic: 'workflow.events', offset: 1 }],
    ['to an instance that no record has started', started({ origin: null }), { offset: 1 }],
  ])('is taken whatever its offset says %s', (_, state, from) => {
    expect(deliver(state, awaited, { ...origin, ...from }).kind).toBe('received');
  });

  test('that was used is still known', () => {
    const nodes = [anAction({ action_type: 'wait_for_event' })];
    const used = record(receive(started()), nodes, 1, {
      kind: 'completed',
      input: null,
      output: { event: { event_id: 'e-2' } },
      durationMs: 0,
    });
    expect(used.received).toMatchObject([{ isUsed: true }]);
    expect(deliver(used)).toEqual({ kind: 'dropped', reason: 'repeated' });
  });

  test('is not taken above 100, but used ones take no room', () => {
    let state = started();
    for (let index = 0; index < 100; index++) state = receive(state, anEvent({ event_id: `n-${index}` }));
    expect(deliver(state)).toEqual({ kind: 'dropped', reason: 'full' });
    const nodes = [anAction({ action_type: 'wait_for_event' })];
    const used = record(state, nodes, 1, { kind: 'completed', input: null, output: { event: { event_id: 'n-7' } }, durationMs: 0 });
    expect(deliver(used).kind).toBe('received');
  });

  test('is not taken where the inbox would hold more than 64 KB, in bytes', () => {
    const large = (id: string) => anEvent({ event_id: id, data: { text: 'ü'.repeat(16 * 1024) } });
    const state = receive(started(), large('large-1'));
    expect(deliver(state, large('large-2'))).toEqual({ kind: 'dropped', reason: 'full' });
    expect(deliver(state).kind).toBe('received');
  });
});
