import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startHttpServer } from '../../test/http-server.ts';
import type { Call } from '../effects/effect.ts';
import { connectHttp } from '../effects/http-request.ts';
import { signWebhook, webhookId } from './webhook-signature.ts';

const secrets = { open: async () => new Map<string, string>() };
const atMs = Date.UTC(2026, 10, 24, 10, 0, 0, 999);
const keyOf = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;
const key = keyOf(Buffer.from('a secret of twenty-four b'));

/** Standard Webhooks 1.0 as its specification says it, by nothing of ours: which of the signatures are right for the bytes received. */
function verify(secret: string, headers: Record<string, unknown>, body: Buffer, nowMs: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers as Record<string, string>;
  if (!id || id.includes('.') || !/^\d+$/.test(timestamp ?? '') || Math.abs(nowMs / 1_000 - Number(timestamp)) > 300) return false;
  const hmac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  const expected = hmac.update(Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])).digest();
  return (signatures ?? '').split(' ').some((each) => {
    const [version, signature = ''] = each.split(',', 2);
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

test('the specification’s own example is signed as it says', () => {
  const signed = signWebhook(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1_614_265_330_000,
    '{"test": 2432232314}',
  );
  expect(signed).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

describe('a signature', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['JSON', '{"score":85}'],
    ['JSON with blanks', '{ "score" : 85 }\n'],
    ['dots', 'a.b.c'],
    ['letters beyond ASCII', '{"name":"Zażółć gęślą jaźń"}'],
    ['an emoji', '{"mood":"😀"}'],
    ['line breaks', 'a\r\nb\n'],
    ['a NUL', 'a\0b'],
    ['a byte order mark', '\ufeff{}'],
    ['100 KB', 'x'.repeat(100_000)],
  ])('verifies over the bytes of the body: %s', (_, body) => {
    expect(verify(key, signWebhook(key, 'msg_1', atMs, body), Buffer.from(body), atMs)).toBe(true);
  });

  test.each([24, 25, 32, 33, 48, 63, 64])('verifies with a key of %i bytes', (length) => {
    const own = keyOf(randomBytes(length));
    expect(verify(own, signWebhook(own, 'msg_1', atMs, '{}'), Buffer.from('{}'), atMs)).toBe(true);
  });

  const signed = signWebhook(key, 'msg_1', atMs, '{"a":1}');
  test.each<[string, Record<string, string>, string, string, number]>([
    ['another body', {}, key, '{"a":2}', 0],
    ['a body with a blank more', {}, key, '{"a":1} ', 0],
    ['another message id', { 'webhook-id': 'msg_2' }, key, '{"a":1}', 0],
    ['another time', { 'webhook-timestamp': String(Math.floor(atMs / 1_000) + 1) }, key, '{"a":1}', 0],
    ['another key', {}, keyOf(randomBytes(24)), '{"a":1}', 0],
    ['the key’s text instead of its bytes', {}, `whsec_${Buffer.from(key.slice(6)).toString('base64')}`, '{"a":1}', 0],
    ['another version', { 'webhook-signature': (signed['webhook-signature'] as string).replace('v1', 'v2') }, key, '{"a":1}', 0],
    ['no signature', { 'webhook-signature': '' }, key, '{"a":1}', 0],
    ['half of it', { 'webhook-signature': (signed['webhook-signature'] as string).slice(0, 20) }, key, '{"a":1}', 0],
    ['the same, six minutes later', {}, key, '{"a":1}', 360_000],
  ])('does not verify for %s', (_, change, secret, body, laterMs) => {
    expect(verify(key, signed, Buffer.from('{"a":1}'), atMs)).toBe(true);
    expect(verify(secret, { ...signed, ...change }, Buffer.from(body), atMs + laterMs)).toBe(false);
  });
});

describe('a message id', () => {
  const actionKey = `${'a'.repeat(32)}/12`;

  test('has no dots, and is the same for all attempts of an action', () => {
    expect(webhookId(actionKey)).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(webhookId(actionKey)).toBe(webhookId(actionKey));
  });

  test.each([`${'a'.repeat(32)}/13`, `${'b'.repeat(32)}/12`, `${actionKey}~1`, `${'a'.repeat(32)}/1`])(
    'is another for another key: %s',
    (other) => {
      expect(webhookId(other)).not.toBe(webhookId(actionKey));
    },
  );
});

describe('an endpoint', () => {
  const call = (input: Record<string, unknown>): Call<never> =>
    ({ actionKey: `${'a'.repeat(32)}/12`, input: { headers: {}, ...input }, signal: AbortSignal.timeout(5_000) }) as unknown as Call<never>;

  test.each<[string, Record<string, unknown>, string]>([
    ['an object', { method: 'POST', body: { score: 85, name: 'Zoë' } }, '{"score":85,"name":"Zoë"}'],
    ['a list', { method: 'PUT', body: [1, 'a', null] }, '[1,"a",null]'],
    ['a text', { method: 'PATCH', body: 'plain, ünicode' }, 'plain, ünicode'],
    ['an empty object', { method: 'POST', body: {} }, '{}'],
    ['null', { method: 'POST', body: null }, 'null'],
    ['no body', { method: 'DELETE' }, ''],
    ['the body that a GET cannot have', { method: 'GET', body: { a: 1 } }, ''],
    ['nothing for a HEAD', { method: 'HEAD', body: { a: 1 } }, ''],
  ])('can verify what it receives, byte for byte: %s', async (_, input, body) => {
    await using server = await startHttpServer();
    const http = connectHttp({ allowed: [server.origin], signingKey: key, secrets });
    await http.effect(call({ url: `${server.origin}/hook`, ...input }));
    await http.close();
    const [received] = server.requests;
    expect(received?.body.toString()).toBe(body);
    expect(verify(key, received?.headers ?? {}, received?.body ?? Buffer.alloc(0), Date.now())).toBe(true);
    expect(received?.headers).toMatchObject({ 'idempotency-key': `${'a'.repeat(32)}/12`, 'webhook-id': webhookId(`${'a'.repeat(32)}/12`) });
  });

  test('is not fooled by headers of the tenant’s own that claim to be the signature', async () => {
    await using server = await startHttpServer();
    const http = connectHttp({ allowed: [server.origin], signingKey: key, secrets });
    await http.effect(
      call({
        method: 'POST',
        url: server.origin,
        body: 'x',
        headers: { 'Webhook-Id': 'mine', 'WEBHOOK-SIGNATURE': 'v1,mine', 'Idempotency-Key': 'mine' },
      }),
    );
    await http.close();
    expect(server.requests[0]?.headers).toMatchObject({
      'webhook-id': webhookId(`${'a'.repeat(32)}/12`),
      'idempotency-key': `${'a'.repeat(32)}/12`,
    });
    expect(verify(key, server.requests[0]?.headers ?? {}, Buffer.from('x'), Date.now())).toBe(true);
  });

  test('is called without a signature where the operator has set no key', async () => {
    await using server = await startHttpServer();
    const http = connectHttp({ allowed: [server.origin], signingKey: undefined, secrets });
    await http.effect(call({ method: 'POST', url: server.origin, body: 'x' }));
    await http.close();
    expect(server.requests[0]?.headers).toHaveProperty('webhook-id');
    expect(server.requests[0]?.headers).not.toHaveProperty('webhook-signature');
  });
});
