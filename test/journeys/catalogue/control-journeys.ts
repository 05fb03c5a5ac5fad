import { expect } from 'vitest';
import type { Journey, Setting, Underway } from './journey.ts';

const tag = (name: string) => ({ action_type: 'add_tag', name, action_config: { tag: name } });
const call = (behaviour: string, { world, tenantId }: Setting, more: object = {}) => ({
  action_type: 'http_request',
  name: 'call',
  action_config: { url: `${world.origin}/${behaviour}/${tenantId}` },
  ...more,
});
const callsTo = ({ world, tenantId }: Setting, behaviour: string) => world.requestsTo(`/${behaviour}/${tenantId}`);
const wait = { action_type: 'wait_for_event', name: 'wait', action_config: { event_name: 'order.paid', timeout: 'P1D' } };
const enable = async ({ api, workflowId }: Underway, body: object) =>
  expect((await api.request('PATCH', `/workflows/${workflowId}/enable`, { body })).status).toBe(200);
const cancelled = (reason: string) => [
  `cancel_requested ${reason}`,
  'action_cancelled wait instance_cancelled',
  `instance_cancelled ${reason}`,
];

/** One for each thing that a user can do to what runs. */
export const controlJourneys: Journey[] = [
  {
    name: 'a cancel while it waits for an event',
    actions: () => [wait, tag('never')],
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'event' });
      await underway.ask('cancel', { reason: 'not needed' });
    },
    log: [
      'instance_started',
      'wait_started wait',
      'cancel_requested not needed',
      'action_cancelled wait instance_cancelled',
      'instance_cancelled not needed',
    ],
    check: async (underway) => expect(await underway.tags()).toEqual([]),
  },
  {
    name: 'a cancel while an action runs: its outcome comes first',
    actions: (setting) => [call('held', setting, { timeout_seconds: 20 }), tag('never')],
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'action' });
      await underway.ask('cancel');
      await underway.logged('cancel_requested');
      await underway.when({ waiting_for: 'action' });
      underway.world.release(`/held/${underway.tenantId}`);
    },
    log: ['instance_started', 'action_started call', 'cancel_requested', 'action_completed call', 'instance_cancelled requested'],
    check: (underway) => expect(callsTo(underway, 'held')).toHaveLength(1),
  },
  {
    name: 'a retry by hand on the pinned version keeps what is done',
    actions: (setting) => [tag('before'), call('refuses-once', setting), tag('after')],
    meanwhile: async (underway) => {
      await underway.when({ status: 'failed' });
      await underway.ask('retry');
    },
    log: [
      'instance_started',
      'action_completed before',
      'action_failed call http_400',
      'instance_failed http_400',
      'retry_requested',
      'action_completed call',
      'action_completed after',
      'instance_completed',
    ],
    check: async (underway) => {
      expect(await underway.tags()).toEqual(['before', 'after']);
      const [first, second] = callsTo(underway, 'refuses-once').map(({ headers }) => headers['idempotency-key']);
      expect(second).toBe(`${first}~1`);
    },
  },
  {
    name: 'a retry by hand on the latest version runs what that says',
    actions: (setting) => [tag('before'), call('missing', setting)],
    meanwhile: async (underway) => {
      await underway.when({ status: 'failed' });
      const path = `/workflows/${underway.workflowId}`;
      const { body } = await underway.api.request<{ actions: { id: number; name: string }[] }>('GET', path);
      const [before, failing] = body.actions;
      const actions = [{ ...tag('before'), id: before?.id }, { ...call('ok', underway), id: failing?.id }, tag('after')];
      expect((await underway.api.request('PUT', path, { body: underway.body({ actions }) })).status).toBe(200);
      await underway.ask('retry', { version: 'latest' });
    },
    log: [
      'instance_started',
      'action_completed before',
      'action_failed call http_404',
      'instance_failed http_404',
      'retry_requested',
      'action_completed call',
      'action_completed after',
      'instance_completed',
    ],
    check: async (underway) => expect(await underway.tags()).toEqual(['before', 'after']),
  },
  {
    name: 'disabled, on_disable finish: what runs goes on',
    actions: () => [wait, tag('after')],
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'event' });
      await enable(underway, { enabled: false, on_disable: 'finish' });
      await underway.millrace.definitionsApplied();
      await underway.post('order.paid', {});
    },
    log: [
      'instance_started',
      'wait_started wait',
      'event_received',
      'action_completed wait',
      'action_completed after',
      'instance_completed',
    ],
  },
  {
    name: 'disabled, on_disable cancel: what runs is cancelled',
    actions: () => [wait, tag('never')],
    meanwhile: async (underway) => {
      await underway.when({ waiting_for: 'event' });
      await enable(underway, { enabled: false, on_disable: 'cancel' });
    },
    log: ['instance_started', 'wait_started wait', ...cancelled('workflow_disabled')],
  },
];
