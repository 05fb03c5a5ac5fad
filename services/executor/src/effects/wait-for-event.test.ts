import type { EventView } from '@millrace/messages';
import { describe, expect, test } from 'vitest';
import { turnOf } from '../../test/engine-turn.ts';
import { anAction, anEvent, inArm, now } from '../../test/instance-builders.ts';
import type { NewEntry } from '../instance/entries.ts';

const wait = (config: Record<string, unknown> = {}) => ({
  action_type: 'wait_for_event',
  action_config: { event_name: 'invoice.paid', timeout: 'P3D', ...config } as never,
});
const received = (event: Partial<EventView>): NewEntry => ({
  type: 'event_received',
  at: now,
  detail: { event: anEvent({ event_id: 'paid-1', event_type: 'invoice.paid', ...event }) },
});
const waiting: NewEntry = {
  type: 'wait_started',
  at: now,
  status: 'running',
  action_id: 1,
  action_name: 'action_1',
  action_type: 'wait_for_event',
  detail: { until: new Date(now + 1_000).toISOString(), event_name: 'invoice.paid' },
};
const used = (eventId: string): NewEntry => ({
  type: 'action_completed',
  at: now,
  status: 'completed',
  action_id: 9,
  action_name: 'before',
  action_type: 'wait_for_event',
  attempt: 1,
  duration_ms: 0,
  detail: { input: null, output: { event: { event_id: eventId } } },
});
const got = (eventId: string) => ({ kind: 'completed', output: { event: { event_id: eventId } } });

test.each<[string, unknown, number]>([
  ['a duration', 'PT90M', 90 * 60_000],
  ['seconds', 30, 30_000],
  ['a template', '{{ patience }}', 2 * 86_400_000],
])('without a fitting event it waits for its timeout from its now on: %s', (_, timeout, ms) => {
  expect(turnOf(wait({ timeout }), { nowMs: now - 7, event: { data: { patience: 'P2D' } } })).toEqual({
    kind: 'waiting',
    untilMs: now - 7 + ms,
    eventName: 'invoice.paid',
  });
});

test('an event that came before the wait answers it', () => {
  expect(turnOf(wait(), { entries: [received({})] })).toMatchObject(got('paid-1'));
});

test('the first that came and was not used answers it', () => {
  const entries = [received({}), received({ event_id: 'paid-2' }), received({ event_id: 'paid-3' }), used('paid-1')];
  expect(turnOf(wait(), { entries })).toMatchObject(got('paid-2'));
});

test.each<[string, Partial<EventView>]>([
  ['has another name', { event_type: 'invoice.sent' }],
  ['does not meet the conditions', { data: { amount: 99 } }],
  ['leaves them unknown', { data: { amount: '100' } }],
])('an event that %s does not answer it', (_, event) => {
  const conditions = [{ field: 'amount', operator: 'greater_than_or_equal', value: 100 }];
  expect(turnOf(wait({ conditions }), { entries: [received({ data: { amount: 100 }, ...event })] }).kind).toBe('waiting');
});

test('conditions read the awaited event by bare names, the rest of the instance by theirs', () => {
  const conditions = {
    all: [
      { field: 'amount', operator: 'equals', value: 5 },
      { field: 'previous.amount', operator: 'equals', value: 4 },
      { field: 'event.source', operator: 'equals', value: 'billing' },
      { field: 'instance.entity_id', operator: 'equals', value: 'lead-1' },
    ],
  };
  const event = { data: { amount: 5 }, previous: { amount: 4 }, source: 'billing' };
  const given = { event: { data: { amount: 1 }, source: 'crm' }, entries: [received(event)] };
  expect(turnOf(wait({ conditions }), given)).toMatchObject(got('paid-1'));
});

describe('a wait whose time is over', () => {
  const late = { entries: [waiting], atMs: now + 1_000 };

  test('goes on by default', () => {
    expect(turnOf(wait(), late)).toMatchObject({ kind: 'completed', output: { timed_out: true } });
  });

  test('fails where it says so', () => {
    expect(turnOf(wait({ on_timeout: 'fail' }), late)).toMatchObject({ kind: 'failed', code: 'wait_timeout', retryable: false });
  });

  test('runs its timeout actions where it has some, whatever on_timeout says', () => {
    const others = [inArm(1, 'timeout', { id: 2, action_type: 'add_tag', action_config: { tag: 'late' } })];
    expect(turnOf(wait({ on_timeout: 'fail' }), { ...late, others })).toEqual({ kind: 'arm', arm: 'timeout' });
  });

  test('is not over a millisecond before', () => {
    expect(turnOf(wait(), { ...late, atMs: now + 999 })).toMatchObject({ kind: 'waiting', untilMs: now + 1_000 });
  });

  test('is answered all the same by an event that came in time', () => {
    expect(turnOf(wait(), { entries: [waiting, received({})], atMs: now + 60_000 })).toMatchObject(got('paid-1'));
  });
});

test('a timeout that is no duration once rendered fails the action and names it', () => {
  const outcome = turnOf(wait({ timeout: '{{ patience }}' }), {
    event: { data: { patience: 'soon' } },
    others: [anAction({ id: 2, action_type: 'exit' })],
  });
  expect(outcome).toMatchObject({ kind: 'failed', code: 'invalid_input', message: expect.stringContaining('timeout') });
});
