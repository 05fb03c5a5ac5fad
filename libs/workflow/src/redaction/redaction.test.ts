import { expect, test } from 'vitest';
import { actionTypes } from '../actions/action-types.ts';
import { taskActions } from '../tasks/task-actions.ts';
import { compileRedaction, type RedactableEntry, type RedactionSettings } from './redaction.ts';

type Settings = Partial<RedactionSettings>;
const redact = (entries: readonly RedactableEntry[], { fields = [], actions = true }: Settings = {}) =>
  entries.map(compileRedaction({ fields, actions }).forInstance());
const only = (entry: RedactableEntry, settings?: Settings) => redact([entry], settings)[0] as RedactableEntry;

const lead = { lead_id: 'lead-1', email: 'ann@example.com', phone: '+4930123456', lead_score: 85, tags: ['hot', 'vip'], company: null };
const start = (data: unknown = lead, more: object = {}): RedactableEntry => ({
  type: 'instance_started',
  detail: { event: { event_id: 'e-1', event_type: 'lead_created', entity_id: 'lead-1', data, previous: null, ...more } },
});
const done = (action_type: string, input: unknown, output: unknown = null): RedactableEntry => ({
  type: 'action_completed',
  action_type,
  detail: { input, output },
});
const dataOf = (entry: RedactableEntry) => (entry.detail as { event: { data: unknown } }).event.data;

test.each<[what: string, fields: string[], data: unknown, expected: unknown]>([
  ['a bare name', ['email'], lead, { ...lead, email: '***' }],
  ['several names', ['email', 'phone'], lead, { ...lead, email: '***', phone: '***' }],
  ['a name under lead', ['lead.email'], lead, { ...lead, email: '***' }],
  ['a name under data', ['data.email'], lead, { ...lead, email: '***' }],
  ['a name under event.data', ['event.data.email'], lead, { ...lead, email: '***' }],
  ['a name in other case', ['EMAIL'], { Email: 'x' }, { Email: '***' }],
  ['a name at any depth', ['email'], { a: { b: [{ email: 'x' }] } }, { a: { b: [{ email: '***' }] } }],
  ['a path through a list', ['people.email'], { people: [{ email: 'x', age: 1 }] }, { people: [{ email: '***', age: 1 }] }],
  ['a place in a list', ['tags.0'], lead, { ...lead, tags: ['***', 'vip'] }],
  ['all of a list', ['tags'], lead, { ...lead, tags: ['***', '***'] }],
  ['all of an object, whose keys stay', ['address'], { address: { street: 'A', no: 1 } }, { address: { street: '***', no: '***' } }],
  ['a number', ['lead_score'], lead, { ...lead, lead_score: '***' }],
  ['false', ['agreed'], { agreed: false }, { agreed: '***' }],
  ['an empty text', ['email'], { email: '' }, { email: '***' }],
  ['null stays null', ['company'], lead, lead],
  ['a missing field', ['birthday'], lead, lead],
  ['a path of which only the end fits', ['contact.email'], lead, lead],
  ['a path of which only the beginning fits', ['email.domain'], lead, lead],
  ['a name that is part of another', ['mail'], lead, lead],
  ['a path below a task’s lead', ['lead.email'], { lead: { email: 'x' }, email: 'y' }, { lead: { email: '***' }, email: '***' }],
  ['a path with a step between', ['lead.email'], { person: { email: 'x' } }, { person: { email: 'x' } }],
  ['own properties only', ['constructor', '__proto__'], { a: 'x' }, { a: 'x' }],
])('of an event, %s is hidden by name', (_, fields, data, expected) => {
  expect(dataOf(only(start(data), { fields }))).toEqual(expected);
});

test.each<[what: string, settings: Settings, entry: RedactableEntry, expected: unknown]>([
  [
    'the addresses and the text of a mail',
    {},
    done(
      'send_email',
      { to: ['a@x.de'], cc: ['b@x.de', 'c@x.de'], reply_to: 'd@x.de', from: 'us@x.de', subject: 'Hello', text: 'T', html: '<p>' },
      { message_id: '<1>', rejected: ['b@x.de'] },
    ),
    {
      input: { to: ['***'], cc: ['***', '***'], reply_to: '***', from: 'us@x.de', subject: 'Hello', text: '***', html: '***' },
      output: { message_id: '<1>', rejected: ['***'] },
    },
  ],
  [
    'the content of attachments, not their names',
    {},
    done('send_email', { to: ['a@x.de'], subject: 'S', attachments: [{ filename: 'a.pdf', content: 'AAAA' }] }),
    { input: { to: ['***'], subject: 'S', attachments: [{ filename: 'a.pdf', content: '***' }] }, output: null },
  ],
  [
    'number and body of a text',
    {},
    done('send_sms', { to: '+4930123456', body: 'Hi' }, { sid: 'SM1' }),
    { input: { to: '***', body: '***' }, output: { sid: 'SM1' } },
  ],
  [
    'the body of a notification',
    {},
    done('send_notification', { user_id: '7', title: 'Hot', body: 'Call' }),
    { input: { user_id: '7', title: 'Hot', body: '***' }, output: null },
  ],
  [
    'bodies and credentials of a call',
    {},
    done(
      'http_request',
      { url: 'https://x.de/', headers: { Authorization: 'Bearer 1', accept: '*/*' }, body: { a: 1 } },
      { status: 200, body: 'x' },
    ),
    {
      input: { url: 'https://x.de/', headers: { Authorization: '***', accept: '*/*' }, body: { a: '***' } },
      output: { status: 200, body: '***' },
    },
  ],
  [
    'nothing of what names no such fields',
    {},
    done('add_tag', { lead_id: '1', tag: 'hot' }, { command_id: 'c' }),
    { input: { lead_id: '1', tag: 'hot' }, output: { command_id: 'c' } },
  ],
  ['nothing of an unknown type', {}, done('send_push', { to: 'x' }), { input: { to: 'x' }, output: null }],
  [
    'no contents where the tenant wants to see them',
    { actions: false },
    done('send_sms', { to: '+4930123456', body: 'Hi' }),
    { input: { to: '+4930123456', body: 'Hi' }, output: null },
  ],
  [
    'credentials even where the tenant wants to see contents',
    { actions: false },
    done(
      'http_request',
      { url: 'u', headers: { 'X-Api-Key': 'k', cookie: 'c', 'x-request-id': 'r' }, body: { user: { password: 'p', name: 'n' } } },
      { status: 200, body: { access_token: 't', expires_in: 3 } },
    ),
    {
      input: {
        url: 'u',
        headers: { 'X-Api-Key': '***', cookie: '***', 'x-request-id': 'r' },
        body: { user: { password: '***', name: 'n' } },
      },
      output: { status: 200, body: { access_token: '***', expires_in: 3 } },
    },
  ],
  [
    'an input that was cut, whole',
    {},
    done('send_email', { truncated: true, length: 20_000, head: '{"to":["a@x.de"],"te' }),
    { input: { truncated: true, length: 20_000, head: '***' }, output: null },
  ],
  [
    'no input that was cut where nothing of its type is hidden',
    {},
    done('update_lead', { truncated: true, length: 20_000, head: '{"a' }),
    { input: { truncated: true, length: 20_000, head: '{"a' }, output: null },
  ],
  [
    'a cut input of any type where fields are named',
    { fields: ['email'] },
    done('update_lead', { truncated: true, length: 20_000, head: '{"a' }),
    { input: { truncated: true, length: 20_000, head: '***' }, output: null },
  ],
  [
    'what an update sets in a lead',
    { fields: ['lead.email'] },
    done('update_lead', { lead_id: '1', fields: { email: 'x', name: 'n' } }),
    { input: { lead_id: '1', fields: { email: '***', name: 'n' } }, output: null },
  ],
  [
    'a field of an input by its path',
    { fields: ['input.title'] },
    done('create_task', { title: 'T', priority: 'high' }),
    { input: { title: '***', priority: 'high' }, output: null },
  ],
  [
    'a field of an output by its path',
    { fields: ['output.body.id'] },
    done('http_request', {}, { body: { id: 5, to: 'x' } }),
    { input: {}, output: { body: { id: '***', to: '***' } } },
  ],
  [
    'a variable by its name',
    { fields: ['token'] },
    done('set_variable', null, { name: 'token', value: 'v' }),
    { input: null, output: { name: 'token', value: '***' } },
  ],
  [
    'a variable by its path',
    { fields: ['variables.token'] },
    done('set_variable', null, { name: 'token', value: { a: 1 } }),
    { input: null, output: { name: 'token', value: { a: '***' } } },
  ],
  [
    'no other variable',
    { fields: ['variables.token'] },
    done('set_variable', null, { name: 'other', value: 'v' }),
    { input: null, output: { name: 'other', value: 'v' } },
  ],
  [
    'a named field of the event that was waited for',
    { fields: ['text'] },
    done('wait_for_event', null, { event: { event_id: 'e', data: { text: 'Yes' } } }),
    { input: null, output: { event: { event_id: 'e', data: { text: '***' } } } },
  ],
  [
    'what lies deeper than anybody writes',
    { actions: false },
    done('http_request', {}, { body: nested(5_000) }),
    { input: {}, output: '***' },
  ],
])('of an entry is hidden: %s', (_, settings, entry, expected) => {
  expect(only(entry, settings).detail).toEqual(expected);
});

function nested(levels: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

test.each<[what: string, task: object, expected: object]>([
  [
    'who gets a report',
    { type: 'report', config: { report: 'failures', email_to: ['a@x.de'] } },
    { config: { report: 'failures', email_to: ['***'] } },
  ],
  [
    'what a task’s action is to send',
    { type: 'action', config: { action_type: 'send_sms', action_config: { to: '+4930123456', body: 'Hi' } } },
    { config: { action_type: 'send_sms', action_config: { to: '***', body: '***' } } },
  ],
  ['nothing of a cleanup', { type: 'cleanup', config: { target: 'instances' } }, { config: { target: 'instances' } }],
])('of a scheduled task’s run is hidden: %s', (_, task, expected) => {
  expect(only({ type: 'instance_started', detail: { task } }).detail).toMatchObject({ task: expected });
});

test.each<[what: string, entry: RedactableEntry, expected: object]>([
  ['an input', done('create_task', { title: 'Write to ANN@example.com today' }), { detail: { input: { title: '***' } } }],
  ['a url, percent-encoded', done('http_request', { url: 'https://x.de/?to=ann%40example.com' }), { detail: { input: { url: '***' } } }],
  ['an output', done('add_tag', { tag: 'x' }, { note: 'ann@example.com' }), { detail: { output: { note: '***' } } }],
  [
    'a list',
    done('start_workflow', { additional_data: { all: ['ann@example.com', 'x'] } }),
    { detail: { input: { additional_data: { all: ['***', 'x'] } } } },
  ],
  ['another event', { ...start({ who: 'ann@example.com' }), type: 'event_received' }, { detail: { event: { data: { who: '***' } } } }],
  [
    'a message',
    { type: 'attempt_failed', action_type: 'http_request', error_message: 'Refused by ann@example.com' },
    { error_message: '***' },
  ],
  ['the words of who cancels', { type: 'cancel_requested', reason: 'ann@example.com asked' }, { reason: '***' }],
])('a text that holds a hidden value is hidden whole: in %s', (_, entry, expected) => {
  expect(redact([start(), entry], { fields: ['lead.email'], actions: false })[1]).toMatchObject(expected);
});

test('the value by which a start was asked for is hidden where a field of it is', () => {
  const entry = start();
  const by = { ...entry, detail: { ...(entry.detail as object), triggered_by: 'email', triggered_by_value: 'ann@example.com' } };
  expect(only(by, { fields: ['email'] }).detail).toMatchObject({ triggered_by: 'email', triggered_by_value: '***' });
});

test('short values are hidden where they are named, and not looked for elsewhere', () => {
  const entries = redact([start({ first_name: 'Ann' }), done('create_task', { title: 'Annual report' })], { fields: ['first_name'] });
  expect(entries.map(({ detail }) => detail)).toMatchObject([
    { event: { data: { first_name: '***' } } },
    { input: { title: 'Annual report' } },
  ]);
});

test('what an event and an entry say of themselves stays', () => {
  const entry = start(lead, { occurred_at: '2026-11-24', source: 'ann@example.com' });
  const wait = { type: 'delay_started', action_type: 'delay', detail: { until: '2026-11-24T10:00:00.000Z' } };
  const fields = ['email', 'event_id', 'occurred_at', 'until'];
  expect(redact([entry, wait], { fields })).toMatchObject([
    { detail: { event: { event_id: 'e-1', occurred_at: '2026-11-24', source: 'ann@example.com' } } },
    wait,
  ]);
});

test.each([
  ['550 <ann@example.com> unknown', '550 <***> unknown'],
  ['to: Expected one, but got the text "+49 30 123456"', 'to: Expected one, but got the text "***"'],
  ['Expected success from api.example.com, but it answered 500', 'Expected success from api.example.com, but it answered 500'],
])('addresses in a message are hidden: %s', (error_message, expected) => {
  const entry = { type: 'action_failed', action_type: 'send_email', error_message };
  expect(only(entry).error_message).toBe(expected);
  expect(only(entry, { actions: false })).toBe(entry);
});

test('an entry in which nothing is hidden is handed on as it is, and none is changed in place', () => {
  const untouched = done('add_tag', { tag: 'hot' });
  expect(only(untouched, { fields: ['email'] })).toBe(untouched);
  const entry = start();
  const before = structuredClone(entry);
  only(entry, { fields: ['email'] });
  expect(entry).toEqual(before);
});

test('the same entries give the same, and what is hidden already stays', () => {
  const settings = { fields: ['email', 'tags', 'lead_score'] };
  const entries = [start(), done('send_email', { to: ['ann@example.com'], subject: 'To ann@example.com', text: 'T' })];
  const once = redact(entries, settings);
  expect(redact(entries, settings)).toEqual(once);
  expect(redact(once, settings)).toEqual(once);
});

test.each(Object.values({ ...actionTypes, ...taskActions }))('what $type hides are places that it has', ({ hides, documentation }) => {
  for (const place of [...(hides.contents ?? []), ...(hides.secretsIn ?? [])]) {
    const [side, key = ''] = place.split('.');
    expect(['input', 'output']).toContain(side);
    if (side === 'input') expect(Object.keys(documentation.fields)).toContain(key);
  }
});
