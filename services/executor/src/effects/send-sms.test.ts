import type { Json } from '@millrace/workflow';
import { describe, expect, test } from 'vitest';
import { aDraft } from '../../test/engine-turn.ts';
import { type HttpServer, redirectTo, startHttpServer } from '../../test/http-server.ts';
import { anAction, aVersion, now } from '../../test/instance-builders.ts';
import { attempt, prepare } from '../attempt.ts';
import { systemClock } from '../clock.ts';
import type { Outcome } from '../instance/decide-outcome.ts';
import { type CompiledAction, compileVersion } from '../version-cache.ts';
import type { Effects } from './index.ts';
import { connectSms } from './send-sms.ts';

const settings = { accountSid: 'AC1', authToken: 'secret', from: '+15550000000' };

/** One attempt of a send_sms of this config, rendered for this event. */
async function text(
  apiUrl: string,
  data: Record<string, Json>,
  config: Record<string, Json> = { to: '{{ phone }}', body: '{{ body }}' },
): Promise<Outcome> {
  const sms = connectSms({ ...settings, apiUrl });
  const version = compileVersion(aVersion([anAction({ action_type: 'send_sms', action_config: config, timeout_seconds: 2 })]));
  const draft = aDraft({ event: { data: { phone: '+4930123456', body: 'Hello', ...data } } });
  const prepared = prepare(draft, version, version.actionById.get(1) as CompiledAction, now);
  try {
    return prepared.kind === 'call'
      ? await attempt(draft, prepared, { send_sms: sms.effect } as unknown as Effects, undefined, systemClock)
      : prepared;
  } finally {
    await sms.close();
  }
}

const created = (body = '{"sid":"SM1"}') =>
  startHttpServer((response) => void response.writeHead(201, { 'content-type': 'application/json' }).end(body));
const formOf = (server: HttpServer) => Object.fromEntries(new URLSearchParams(server.requests[0]?.body.toString()));

test('a text goes to the provider’s Messages resource with its credentials and the action key', async () => {
  await using server = await created();
  expect(await text(`${server.origin}/`, {})).toMatchObject({ kind: 'completed', output: { sid: 'SM1', status: 201 } });
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    path: '/2010-04-01/Accounts/AC1/Messages.json',
    headers: {
      authorization: `Basic ${Buffer.from('AC1:secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': `${'0'.repeat(32)}/1`,
      'i-twilio-idempotency-token': `${'0'.repeat(32)}/1`,
    },
  });
  expect(formOf(server)).toEqual({ To: '+4930123456', From: '+15550000000', Body: 'Hello' });
});

test.each([
  'Hello&To=%2B15551234567',
  'Hello\r\nTo: +15551234567',
  'a=b&From=+15551234567;c',
  '100 % + 5 = ü 😀',
  '\0 \u2028',
  '%26To%3D1',
])('a body is a body, whatever it holds: %j', async (body) => {
  await using server = await created();
  await text(server.origin, { body });
  expect(formOf(server)).toEqual({ To: '+4930123456', From: '+15550000000', Body: body });
});

describe('a number that is not exactly one sends nothing', () => {
  test.each([
    '+4930123456,+15551234567',
    '+4930123456;+15551234567',
    '+4930123456&To=+15551234567',
    '+4930123456\r\nTo: +15551234567',
    '4930123456',
    '0049 30 123456',
    '+0123456789',
    '+49',
    '+1234567890123456',
    '+49 30 12a456',
    'whatsapp:+4930123456',
    'tel:+4930123456',
    '++4930123456',
    '+4930123456 ext 5',
    '*31#+4930123456',
    '٠١٢٣٤٥٦٧٨٩',
  ])('%j', async (phone) => {
    await using server = await created();
    expect(await text(server.origin, { phone })).toMatchObject({
      kind: 'failed',
      code: 'invalid_input',
      retryable: false,
      message: expect.stringContaining('to'),
    });
    expect(server.connections()).toBe(0);
  });

  test.each([null, '', '  '])('%j: the action is skipped', async (phone) => {
    await using server = await created();
    expect(await text(server.origin, { phone })).toEqual({ kind: 'skipped', reason: 'no_address' });
  });
});

describe('a provider', () => {
  test.each<[number, Record<string, unknown>]>([
    [400, { code: 'sms_refused', retryable: false }],
    [401, { code: 'sms_refused', retryable: false }],
    [404, { code: 'sms_refused', retryable: false }],
    [408, { code: 'sms_unavailable', retryable: true }],
    [429, { code: 'sms_unavailable', retryable: true, retryAfterMs: 7_000 }],
    [500, { code: 'sms_unavailable', retryable: true }],
    [503, { code: 'sms_unavailable', retryable: true, retryAfterMs: 7_000 }],
  ])('that answers %i is what came of the attempt', async (status, expected) => {
    await using server = await startHttpServer((response) => void response.writeHead(status, { 'retry-after': '7' }).end());
    expect(await text(server.origin, {})).toMatchObject({ kind: 'failed', ...expected });
  });

  test.each(['', 'no JSON', '[]', '{"sid":5}', 'null', 'x'.repeat(100_000)])(
    'that accepts with an answer of its own kind has accepted: %#',
    async (body) => {
      await using server = await created(body);
      expect(await text(server.origin, {})).toMatchObject({ kind: 'completed', output: { status: 201 } });
    },
  );

  test('that leads elsewhere gets its credentials to nobody', async () => {
    await using elsewhere = await startHttpServer();
    await using server = await startHttpServer(redirectTo(elsewhere.origin, 307));
    expect(await text(server.origin, {})).toMatchObject({ kind: 'failed', code: 'address_refused' });
    expect(elsewhere.connections()).toBe(0);
  });
});
