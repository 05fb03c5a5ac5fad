import { expect } from 'vitest';
import type { Journey, Setting } from './journey.ts';

const quickly = { max_attempts: 3, initial_interval_seconds: 0.05, backoff_coefficient: 1, jitter: 'none' };
/** A call to a place of this journey's own. */
const call =
  (behaviour: string, more: object = {}) =>
  ({ world, tenantId }: Setting) => [
    {
      action_type: 'http_request',
      name: 'call',
      action_config: { url: `${world.origin}/${behaviour}/${tenantId}` },
      retry_policy: quickly,
      ...more,
    },
    { action_type: 'add_tag', name: 'tag', action_config: { tag: 'after' } },
  ];
const calls = ({ world, tenantId }: Setting, behaviour: string) => world.requestsTo(`/${behaviour}/${tenantId}`);
const failed = (code: string) => [`action_failed call ${code}`, `instance_failed ${code}`];
const goneOn = ['action_completed tag', 'instance_completed'];

/** One for each way in which an action can go wrong. */
export const failureJourneys: Journey[] = [
  {
    name: 'a 4xx is not tried again',
    actions: call('missing'),
    log: ['instance_started', ...failed('http_404')],
    check: (underway) => expect(calls(underway, 'missing')).toHaveLength(1),
  },
  {
    name: 'a 5xx is tried again, under one key and with one body',
    actions: call('flaky'),
    log: ['instance_started', 'attempt_failed call http_500', 'attempt_failed call http_500', 'action_completed call', ...goneOn],
    check: (underway) => {
      const requests = calls(underway, 'flaky');
      expect(requests).toHaveLength(3);
      expect(new Set(requests.map(({ headers, body }) => `${headers['idempotency-key']} ${headers['webhook-id']} ${body}`)).size).toBe(1);
    },
  },
  {
    name: 'a 429 is tried again when Retry-After says so',
    actions: call('busy'),
    log: ['instance_started', 'attempt_failed call http_429', 'action_completed call', ...goneOn],
    check: (underway) => {
      const [first, second] = calls(underway, 'busy').map(({ atMs }) => atMs) as [number, number];
      expect(second - first).toBeGreaterThan(900);
    },
  },
  {
    name: 'no answer within the timeout',
    actions: call('silent', { timeout_seconds: 1, retry_policy: { max_attempts: 1 } }),
    log: ['instance_started', ...failed('timeout')],
  },
  {
    name: 'a connection that breaks is tried again, until the attempts are used up',
    actions: call('reset'),
    log: [
      'instance_started',
      'attempt_failed call http_unavailable',
      'attempt_failed call http_unavailable',
      ...failed('http_unavailable'),
    ],
  },
  {
    name: 'with on_error continue the rest is run',
    actions: call('missing', { on_error: 'continue' }),
    log: ['instance_started', 'action_failed call http_404', ...goneOn],
    check: async (underway) => expect(await underway.tags()).toEqual(['after']),
  },
  {
    name: 'a value that is missing fails before anything is sent',
    actions: call('ok', { action_config: { url: 'https://example.com/', body: { a: '{{ lead.nothing }}' } } }),
    log: ['instance_started', ...failed('template_missing')],
  },
  {
    name: 'a mail without an address is skipped',
    lead: { email: null },
    actions: () => [{ action_type: 'send_email', name: 'mail', action_config: { to: '{{ lead.email }}', subject: 's', text: 't' } }],
    log: ['instance_started', 'action_skipped mail no_address', 'instance_completed'],
  },
  {
    name: 'at most once: a call whose answer never came is unknown, and not made again',
    actions: call('reset', { at_most_once: true }),
    log: ['instance_started', 'action_started call', 'action_unknown call no_answer', 'instance_failed outcome_unknown'],
    check: (underway) => expect(calls(underway, 'reset')).toHaveLength(1),
  },
  {
    name: 'an address that is nobody’s business is refused',
    actions: call('ok', { action_config: { url: 'http://169.254.169.254/latest/meta-data' } }),
    log: ['instance_started', ...failed('address_refused')],
  },
  {
    name: 'results that the journal has no room for',
    actions: ({ world, tenantId }) =>
      Array.from({ length: 20 }, (_, index) => ({
        action_type: 'http_request',
        name: `call ${index}`,
        action_config: { url: `${world.origin}/large/${tenantId}`, method: 'GET' },
      })),
    log: [
      'instance_started',
      ...Array.from({ length: 17 }, (_, index) => `action_completed call ${index}`),
      'action_failed call 17 context_too_large',
      'instance_failed context_too_large',
    ],
  },
];
