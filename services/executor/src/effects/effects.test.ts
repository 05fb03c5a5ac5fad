import { actionTypeNames, findActionType, findRunnableType } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { turnOf } from '../../test/engine-turn.ts';
import { connectEffects, engineActions } from './index.ts';

/** Connections that are made at the first call only. */
const connect = () =>
  connectEffects({
    crm: {},
    http: { allowed: [], signingKey: undefined },
    email: { smtpUrl: 'smtp://mail.example:25', from: 'no-reply@example.com' },
    sms: { apiUrl: 'https://sms.example', accountSid: 'a', authToken: 'b', from: '+15550000000' },
  } as unknown as Parameters<typeof connectEffects>[0]);

test('every action type has its effect in exactly one place, the engine’s own in the engine', async () => {
  await using connected = connect();
  const engine = Object.keys(engineActions);
  const effects = Object.keys(connected.effects);
  const workflowEffects = effects.filter((type) => findActionType(type) !== undefined);
  expect([...engine, ...workflowEffects].sort()).toEqual([...actionTypeNames].sort());
  for (const type of actionTypeNames) expect([type, engine.includes(type)]).toEqual([type, findActionType(type)?.effect === 'engine']);
  for (const type of effects) expect([type, findRunnableType(type)?.type]).toEqual([type, type]);
});

test.each<[string, Record<string, unknown>, string | null]>([
  ['http_request', { url: 'https://hooks.example:8443/a' }, 'hooks.example:8443'],
  ['http_request', { url: 'https://hooks.example/a' }, 'hooks.example'],
  ['send_email', {}, 'mail.example:25'],
  ['send_sms', {}, 'sms.example'],
  ['add_tag', {}, null],
])('calls to one host have a cap together: %s %j', async (type, input, host) => {
  await using connected = connect();
  expect(connected.hostOf(type, input)).toBe(host);
});

test('no more mails are sent at once than there are connections to send them', async () => {
  await using connected = connect();
  expect(connected.mostAtOnceByHost.get('mail.example:25')).toBe(10);
});

test('reports and cleanups leave the engine its connections to the database: two run at once', async () => {
  await using connected = connect();
  const places = [
    connected.hostOf('report', { email_to: ['a@example.com'] }),
    connected.hostOf('report', {}),
    connected.hostOf('cleanup', {}),
  ];
  expect(new Set(places).size).toBe(1);
  expect(connected.mostAtOnceByHost.get(String(places[0]))).toBe(2);
});

test.each<[unknown, unknown]>([
  ['Hello {{ lead_score }}', 'Hello 80'],
  ['{{ lead_score }}', 80],
  [
    { list: ['{{ lead_score }}', 1], text: 'a' },
    { list: [80, 1], text: 'a' },
  ],
  [null, null],
])('a variable is set to what its template gives, with its type: %j', (value, expected) => {
  expect(turnOf({ action_type: 'set_variable', action_config: { name: 'greeting', value } as never })).toMatchObject({
    kind: 'completed',
    output: { name: 'greeting', value: expected },
  });
});

test('a variable without a value fails the action', () => {
  expect(turnOf({ action_type: 'set_variable', action_config: { name: 'a', value: '{{ nothing }}' } })).toMatchObject({
    kind: 'failed',
    code: 'template_missing',
  });
});

test.each<[Record<string, unknown>, unknown]>([
  [{}, { kind: 'exit', status: 'completed', reason: null, input: null }],
  [
    { status: 'failed', reason: 'score {{ lead_score }}' },
    { kind: 'exit', status: 'failed', reason: 'score 80', input: null },
  ],
  [
    { status: 'cancelled', reason: 'two\r\nlines' },
    { kind: 'exit', status: 'cancelled', reason: 'two lines', input: null },
  ],
])('an exit ends as its config says: %j', (action_config, expected) => {
  expect(turnOf({ action_type: 'exit', action_config: action_config as never })).toEqual(expected);
});
