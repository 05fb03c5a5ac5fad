import type { ActionNode } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import {
  anAction,
  anEvent,
  aStart,
  attemptOf,
  aVersion,
  completed,
  failedForNow,
  inArm,
  now,
  refused,
} from '../../test/instance-builders.ts';
import { decideRetry, decideStart } from './decide-input.ts';
import type { Outcome } from './decide-outcome.ts';
import { Draft } from './draft.ts';
import type { Entry } from './entries.ts';

const header = {
  id: '0'.repeat(32),
  tenantId: 'acme',
  workflowId: 7,
  workflowVersion: 1,
  scheduledTaskId: null,
  scheduledForMs: null,
  entityType: 'lead',
  entityId: 'lead-1',
  triggeredBy: 'event',
  triggeredByValue: 'e-1',
  createdAtMs: now,
};
const nodes = [anAction({ id: 1 }), anAction({ id: 2 }), anAction({ id: 3 })];
const version = aVersion(nodes);

function aDraft(start = aStart()): Draft {
  const draft = Draft.create(header);
  draft.add(decideStart(draft.state, start, now));
  return draft;
}

/** As after a commit, and read again. */
function stored(draft: Draft): Draft {
  return Draft.of(draft.change(version, null).row);
}

const record = (draft: Draft, action: ActionNode, outcome: Outcome, all = nodes) =>
  draft.record(all, attemptOf(draft.state, action), outcome, now, 0);
const resultOf = (bytes: number): Outcome => ({ ...completed, output: { text: 'x'.repeat(bytes) } });
const lastOf = (draft: Draft) => draft.journal.at(-1) as Entry;

describe('a draft', () => {
  test('stores its journal so that it reads as itself, over any number of commits', () => {
    let draft = aDraft();
    for (const action of nodes) {
      record(draft, action, { ...completed, output: { text: 'ü\ud83d "\n' } });
      draft = stored(draft);
    }
    expect(draft.change(version, null).row.journal).toBe(JSON.stringify(draft.journal));
    expect(draft.state.seq).toBe(4);
  });

  test('compares with the version that the table has, and raises it', () => {
    const draft = aDraft();
    expect(draft.change(version, null)).toMatchObject({ expectedRowVersion: null, row: { rowVersion: 1 } });
    expect(stored(draft).change(version, null)).toMatchObject({ expectedRowVersion: 1, row: { rowVersion: 2 } });
  });

  test('is already what the table holds only without changes and parked the same way', () => {
    const parking = { wakeAtMs: now + 5, waitingFor: 'delay' as const };
    const parked = Draft.of(aDraft().change(version, parking).row);
    expect(parked.isAlready(parking)).toBe(true);
    expect(parked.isAlready({ ...parking, wakeAtMs: now + 6 })).toBe(false);
    expect(parked.isAlready(null)).toBe(false);
    expect(aDraft().isAlready(null)).toBe(false);
    record(parked, nodes[0] as ActionNode, completed);
    expect(parked.isAlready(parking)).toBe(false);
  });

  test('keeps the progress of the row where the version is gone', () => {
    const draft = aDraft();
    record(draft, nodes[0] as ActionNode, completed);
    expect(draft.change(version, null).row.progress).toBe(33);
    expect(stored(draft).change(null, null).row.progress).toBe(33);
  });

  test('goes back in progress where a retry by hand begins an action anew', () => {
    const failed = aDraft();
    record(failed, nodes[0] as ActionNode, refused);
    const draft = stored(failed);
    expect(draft.row.progress).toBe(33);
    draft.add(decideRetry(draft.state, { requestedBy: 'user-1', rowVersion: 1, workflowVersion: 2 }, now));
    expect(draft.change(version, null).row).toMatchObject({ progress: 0, status: 'running', workflowVersion: 2, completedAtMs: null });
  });
});

describe('what a repeat could decide otherwise', () => {
  test.each<[string, Partial<ActionNode>, Outcome, boolean]>([
    ['the result of a call', {}, completed, true],
    ['the failure of a call', { on_error: 'continue' }, refused, true],
    ['a call with an unknown outcome', { on_error: 'continue' }, { kind: 'unknown', reason: 'no_answer' }, true],
    ['a call that was skipped', {}, { kind: 'skipped', reason: 'no_address' }, false],
    ['a command', { action_type: 'add_tag' }, completed, false],
    ['a variable', { action_type: 'set_variable' }, { ...completed, output: { name: 'a', value: 1 } }, false],
    ['the arm of a branch', { action_type: 'branch' }, { kind: 'arm', arm: 'yes' }, false],
    ['an event that was waited for', { action_type: 'wait_for_event' }, { ...completed, output: {} }, true],
    ['an event that did not come', { action_type: 'wait_for_event' }, { kind: 'arm', arm: 'timeout' }, true],
    ['the beginning of a wait', { action_type: 'wait_for_event' }, { kind: 'waiting', untilMs: now, eventName: 'paid' }, false],
  ])('is durable before anything follows from it: %s', (_, overrides, outcome, expected) => {
    const action = anAction(overrides);
    const draft = aDraft();
    expect(draft.isBeyondRepeat).toBe(false);
    record(draft, action, outcome, [action]);
    expect(draft.isBeyondRepeat).toBe(expected);
    expect(stored(draft).isBeyondRepeat).toBe(false);
  });

  test('is durable before anything follows from it: a retry by hand, which fixes now anew', () => {
    const failed = aDraft();
    record(failed, nodes[0] as ActionNode, refused);
    const draft = stored(failed);
    draft.add(decideRetry(draft.state, { requestedBy: 'user-1', rowVersion: 1, workflowVersion: 1 }, now));
    expect(draft.isBeyondRepeat).toBe(true);
  });
});

describe('the journal', () => {
  test('takes 256 KB beside its start event; the action that would bring more has failed', () => {
    const draft = aDraft(aStart({ event: anEvent({ data: { text: 'x'.repeat(200 * 1024) } }) }));
    record(draft, nodes[0] as ActionNode, resultOf(150 * 1024));
    expect(lastOf(draft)).toMatchObject({ type: 'action_completed' });
    record(draft, nodes[1] as ActionNode, resultOf(110 * 1024));
    expect(draft.journal.slice(-2)).toMatchObject([
      { type: 'action_failed', action_id: 2, error_code: 'context_too_large', duration_ms: 12 },
      { type: 'instance_failed', reason: 'context_too_large' },
    ]);
    expect(draft.journal).toHaveLength(4);
  });

  test('counts bytes, not characters', () => {
    const draft = aDraft();
    record(draft, nodes[0] as ActionNode, { ...completed, output: { text: 'ü'.repeat(131_000) } });
    expect(lastOf(draft)).toMatchObject({ type: 'instance_failed' });
  });

  test('lets an instance go on where the action says so, and is as large after it was read again', () => {
    const actions = nodes.map((node) => ({ ...node, on_error: 'continue' as const }));
    let draft = aDraft();
    for (const action of actions) {
      record(draft, action, resultOf(130 * 1024), actions);
      draft = stored(draft);
    }
    expect(draft.journal.slice(1).map((entry) => entry.type)).toEqual(['action_completed', 'action_failed', 'action_failed']);
  });

  test('that is full still takes failures and the end of the instance', () => {
    const draft = aDraft();
    record(draft, nodes[0] as ActionNode, resultOf(261_500));
    record(draft, nodes[1] as ActionNode, { ...refused, input: { text: 'x'.repeat(10_000) } });
    expect(draft.journal.map((entry) => entry.type)).toEqual(['instance_started', 'action_completed', 'action_failed', 'instance_failed']);
    expect(draft.journal[2]).toMatchObject({ error_code: 'email_refused' });
  });

  test('does not count what goes in: that is cut', () => {
    const draft = aDraft();
    record(draft, nodes[0] as ActionNode, { ...completed, input: { html: 'x'.repeat(400 * 1024) } });
    expect(lastOf(draft)).toMatchObject({ type: 'action_completed', detail: { input: { truncated: true } } });
  });

  test('has no room for an arm either', () => {
    const actions = [
      anAction({ id: 1 }),
      anAction({ id: 2, action_type: 'branch' }),
      ...Array.from({ length: 40 }, (_, index) => inArm(2, 'no', { id: index + 3 })),
    ];
    const draft = aDraft();
    record(draft, actions[0] as ActionNode, resultOf(258_000), actions);
    record(draft, actions[1] as ActionNode, { kind: 'arm', arm: 'yes' }, actions);
    expect(draft.journal.at(-2)).toMatchObject({ type: 'action_failed', action_id: 2, error_code: 'context_too_large' });
  });
});

test('tries end where the journal has no room for more, those of an action and those of a run', () => {
  const flaky = anAction({ id: 1, retry_policy: { max_attempts: 100 } });
  const failing: Outcome = { ...failedForNow, message: 'x'.repeat(1_000) };
  const task = { id: 9, type: 'action', config: {}, revision: 1, max_retries: 100, retry_delay_seconds: 0 };
  const draft = aDraft(aStart({ task }));
  for (let tries = 0; draft.state.status === 'running' && tries < 1_000; tries += 1) record(draft, flaky, failing, [flaky]);
  expect(draft.state.runRetries).toBeGreaterThan(0);
  expect(draft.journal.slice(-2)).toMatchObject([
    { type: 'action_failed', error_code: 'context_too_large' },
    { type: 'instance_failed', reason: 'context_too_large' },
  ]);
  expect(Buffer.byteLength(draft.change(version, null).row.journal)).toBeLessThan(260 * 1024);
});

test('entries are handed over in the order of the journal, whatever takes long', async () => {
  const draft = aDraft();
  const order: number[] = [];
  let open = () => {};
  const first = draft.inOrder(async () => {
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    order.push(1);
  });
  const failing = draft.inOrder(async () => {
    order.push(2);
    throw new Error('refused');
  });
  const third = draft.inOrder(async () => order.push(3));
  await Promise.resolve();
  open();
  await first;
  await expect(failing).rejects.toThrow('refused');
  await third;
  expect(order).toEqual([1, 2, 3]);
});
