import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { mailArrivals, textArrivals } from './arrivals.ts';
import { type SmsRequest, startSmsSink } from './sms-sink.ts';
import { startSmtpSink } from './smtp-sink.ts';

/** Sends commands down one connection, all at once, and resolves with what came back until the server closes it. */
async function talk(url: string, lines: string[]): Promise<string> {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await once(socket, 'data');
  socket.write(lines.join('\r\n').concat('\r\n'));
  await once(socket, 'close');
  return answer;
}

function mail(to: string, messageId: string): string[] {
  return [
    'MAIL FROM:<from@demo.example>',
    `RCPT TO:<${to}>`,
    'DATA',
    `Message-ID: <${messageId}>`,
    'Subject: A long',
    ' subject',
    `To: ${to}`,
    '',
    'Hello',
    '.',
  ];
}

test('the mail sink takes pipelined mails, and knows a Message-ID that comes again and the tenant by its domain', async () => {
  await using sink = await startSmtpSink();
  const answer = await talk(sink.url, [
    'EHLO test',
    ...mail('Ada@demo-1-acme.example', 'one@millrace'),
    ...mail('ada@demo-1-acme.example', 'one@millrace'),
    ...mail('bo@demo-1-globex.example', 'two@millrace'),
    ...mail('cy@elsewhere.example', 'three@millrace'),
    'QUIT',
  ]);
  expect(answer).toContain('PIPELINING');
  expect(sink.mails).toHaveLength(4);
  expect(sink.mails[0]).toEqual({
    messageId: 'one@millrace',
    recipients: ['ada@demo-1-acme.example'],
    subject: 'A long subject',
    tenantId: 'demo-1-acme',
    source: expect.stringContaining('Hello'),
  });
  expect(mailArrivals(sink, ['demo-1-acme', 'demo-1-globex'])).toEqual({
    effects: ['mail to ada@demo-1-acme.example: A long subject', 'mail to bo@demo-1-globex.example: A long subject'],
    repeats: 1,
  });
});

function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/2010-04-01/Accounts/AC1/Messages.json`, { method: 'POST', body: new URLSearchParams(form), headers });
}

test('the SMS sink answers like the Messages API, and knows an idempotency id that comes again', async () => {
  await using sink = await startSmsSink();
  const form = { To: '+15550000001', From: '+15550000000', Body: 'Grüße' };
  const response = await post(sink.url, form, { 'I-Twilio-Idempotency-Token': 'a/1' });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    account_sid: 'AC1',
    to: '+15550000001',
    body: 'Grüße',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
  });
  await post(sink.url, form, { 'Idempotency-Key': 'a/1' });
  await post(sink.url, form, { 'Idempotency-Key': 'a/2' });
  expect(textArrivals(sink)).toEqual({ effects: ['text to +15550000001: Grüße', 'text to +15550000001: Grüße'], repeats: 1 });
});

test('the SMS sink refuses what the Messages API refuses, and does not count it', async () => {
  await using sink = await startSmsSink();
  expect((await post(sink.url, { To: 'nobody', Body: 'x' })).status).toBe(400);
  expect((await post(sink.url, { To: '+15550000001' })).status).toBe(400);
  expect((await fetch(`${sink.url}/elsewhere`)).status).toBe(404);
  expect(sink.texts).toEqual([]);
});

test('the SMS sink refuses a request as it is told to, and counts it once it accepts it', async () => {
  const asked: SmsRequest[] = [];
  await using sink = await startSmsSink({ onRequest: (request) => (asked.push(request) === 1 ? 503 : null) });
  const form = { To: '+15550000001', Body: 'Grüße' };
  expect((await post(sink.url, form, { 'Idempotency-Key': 'a/1' })).status).toBe(503);
  expect(sink.texts).toEqual([]);
  expect((await post(sink.url, form, { 'Idempotency-Key': 'a/1' })).status).toBe(201);
  expect(asked).toEqual(Array(2).fill({ idempotencyId: 'a/1', form: 'To=%2B15550000001&Body=Gr%C3%BC%C3%9Fe' }));
});
