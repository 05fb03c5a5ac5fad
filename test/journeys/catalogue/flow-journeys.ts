import type { InstanceDetail } from '@millrace/testing';
import { expect } from 'vitest';
import type { Journey, Underway } from './journey.ts';

const tag = (name: string, more: object = {}) => ({ action_type: 'add_tag', name, action_config: { tag: name }, ...more });
const began = 'instance_started';
const ended = 'instance_completed';
const hot = [{ field: 'lead_score', operator: 'greater_than', value: 80 }];
const delay = (config: object) => [{ action_type: 'delay', name: 'delay', action_config: config }, tag('after')];
const slept = [began, 'wait_started delay', 'action_completed delay', 'action_completed after', ended];
const wakeAt = ({ wake_at }: InstanceDetail) => Date.parse(wake_at ?? '');
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
/** A local time so many minutes from now, in UTC. */
const clockIn = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);
const localIn = (timezone: string, ms: number) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(ms);

/** Skips a delay, once its end is as `check` says. */
const sleeping =
  (check: (instance: InstanceDetail) => void) =>
  async (underway: Underway): Promise<void> =>
    check(await underway.skipTime('delay'));

const branches = (conditions: object[]) => [
  {
    action_type: 'branch',
    name: 'choose',
    action_config: { branches: [{ name: 'hot', conditions, actions: [tag('hot')] }], else_actions: [tag('cold')] },
  },
  tag('after'),
];
const split = (a: number, b: number) => [
  {
    action_type: 'split',
    name: 'split',
    action_config: {
      arms: [
        { name: 'a', weight: a, actions: [tag('a')] },
        { name: 'b', weight: b, actions: [tag('b')] },
      ],
    },
  },
];
const wait = (config: object) => [
  { action_type: 'wait_for_event', name: 'wait', action_config: { event_name: 'order.paid', timeout: 'P1D', ...config } },
  tag('after'),
];
const onlyLarge = { conditions: [{ field: 'amount', operator: 'greater_than', value: 100 }] };
const exit = (config: object) => [tag('before'), { action_type: 'exit', name: 'leave', action_config: config }, tag('never')];
const left = (end: string) => [began, 'action_completed before', 'action_completed leave', end];

/** One for each action of the engine itself, in each of its forms. */
export const flowJourneys: Journey[] = [
  {
    name: 'branch: the first whose conditions hold',
    actions: () => branches(hot),
    log: [
      began,
      'arm_taken choose',
      'action_skipped cold branch_not_taken',
      'action_completed hot',
      'action_completed choose',
      'action_completed after',
      ended,
    ],
  },
  {
    name: 'branch: else',
    actions: () => branches([{ field: 'lead_score', operator: 'less_than', value: 10 }]),
    log: [
      began,
      'arm_taken choose',
      'action_skipped hot branch_not_taken',
      'action_completed cold',
      'action_completed choose',
      'action_completed after',
      ended,
    ],
  },
  {
    name: 'split: an arm of all the weight',
    actions: () => split(0, 1),
    log: [began, 'arm_taken split', 'action_skipped a branch_not_taken', 'action_completed b', 'action_completed split', ended],
  },
  {
    name: 'conditions of an action',
    actions: () => [
      tag('never', { conditions: [{ field: 'lead_score', operator: 'less_than', value: 10 }] }),
      tag('after', { conditions: hot }),
    ],
    log: [began, 'action_skipped never condition_false', 'action_completed after', ended],
  },
  {
    name: 'delay_seconds before an action, in full',
    actions: () => [tag('after', { delay_seconds: 1 })],
    log: [began, 'delay_started after', 'action_completed after', ended],
    check: async (underway) => {
      const { completed_at } = await underway.instance();
      expect(Date.parse(completed_at ?? '') - underway.event().occurred_at).toBeGreaterThan(900);
    },
  },
  { name: 'delay: seconds, in full', actions: () => delay({ seconds: 1 }), log: slept },
  {
    name: 'delay: until a date field and an offset',
    lead: { custom: { renews_at: { value: '2099-05-01T12:00:00Z' } } },
    actions: () => delay({ until: '{{ lead.custom.renews_at }}', offset: '-P30D' }),
    meanwhile: sleeping((instance) => expect(wakeAt(instance)).toBe(Date.parse('2099-04-01T12:00:00Z'))),
    log: slept,
  },
  {
    name: 'delay: until the next local time on a weekday',
    actions: () => delay({ time: '09:30', weekdays: ['tue'], timezone: 'Asia/Kolkata' }),
    meanwhile: sleeping((instance) => expect(localIn('Asia/Kolkata', wakeAt(instance))).toBe('Tue 09:30')),
    log: slept,
  },
  {
    name: 'delay: until a window opens',
    actions: () => delay({ window: { from: clockIn(360), to: clockIn(420) } }),
    meanwhile: sleeping((instance) => expect(wakeAt(instance) - Date.now()).toBeLessThan(86_400_000)),
    log: slept,
  },
  {
    name: 'delay: inside the window it goes on at once',
    actions: () => delay({ window: { from: clockIn(-120), to: clockIn(120) } }),
    log: slept,
  },
  {
    name: 'delay: a date that has passed, on_past run_now',
    actions: () => delay({ until: inDays(-1) }),
    log: slept,
  },
  {
    name: 'delay: a date that has passed, on_past skip',
    actions: () => delay({ until: inDays(-1), on_past: 'skip' }),
    log: [began, 'action_skipped delay past', 'action_completed after', ended],
  },
  {
    name: 'delay: a date that has passed, on_past fail',
    actions: () => delay({ until: inDays(-1), on_past: 'fail' }),
    log: [began, 'action_failed delay past', 'instance_failed past'],
  },
  {
    name: 'wait_for_event: the answer that fits, not the one that does not',
    actions: () => wait(onlyLarge),
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'event' });
      await underway.post('order.paid', { amount: 5 });
      await underway.millrace.drained();
      await underway.post('order.paid', { amount: 500 });
    },
    log: [began, 'wait_started wait', 'event_received', 'event_received', 'action_completed wait', 'action_completed after', ended],
  },
  {
    name: 'wait_for_event: an answer that comes before the wait',
    actions: () => [tag('before', { delay_seconds: 3_600 }), ...wait({})],
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'delay' });
      await underway.post('order.paid', {});
      await underway.millrace.drained();
      await underway.skipTime('delay');
    },
    log: [
      began,
      'delay_started before',
      'event_received',
      'action_completed before',
      'action_completed wait',
      'action_completed after',
      ended,
    ],
  },
  {
    name: 'wait_for_event: timeout, on_timeout continue',
    actions: () => wait({}),
    meanwhile: async (underway) => void (await underway.skipTime('event')),
    log: [began, 'wait_started wait', 'action_completed wait', 'action_completed after', ended],
  },
  {
    name: 'wait_for_event: timeout, on_timeout fail',
    actions: () => wait({ on_timeout: 'fail' }),
    meanwhile: async (underway) => void (await underway.skipTime('event')),
    log: [began, 'wait_started wait', 'action_failed wait wait_timeout', 'instance_failed wait_timeout'],
  },
  {
    name: 'wait_for_event: timeout_actions',
    actions: () => wait({ timeout_actions: [tag('too late')] }),
    meanwhile: async (underway) => void (await underway.skipTime('event')),
    log: [
      began,
      'wait_started wait',
      'arm_taken wait',
      'action_completed too late',
      'action_completed wait',
      'action_completed after',
      ended,
    ],
  },
  {
    name: 'set_variable: values keep their types',
    actions: () => [
      { action_type: 'set_variable', name: 'set', action_config: { name: 'score', value: '{{ lead.lead_score }}' } },
      tag('high {{ variables.score | plus: 1 }}', {
        name: 'tag',
        conditions: [{ field: 'variables.score', operator: 'equals', value: 85 }],
      }),
    ],
    log: [began, 'action_completed set', 'action_completed tag', ended],
    check: async (underway) => expect(await underway.tags()).toEqual(['high 86']),
  },
  { name: 'exit: completed', actions: () => exit({ reason: 'enough' }), log: left('instance_completed enough') },
  { name: 'exit: failed', actions: () => exit({ status: 'failed', reason: 'wrong lead' }), log: left('instance_failed wrong lead') },
  { name: 'exit: cancelled', actions: () => exit({ status: 'cancelled' }), log: left('instance_cancelled') },
];
