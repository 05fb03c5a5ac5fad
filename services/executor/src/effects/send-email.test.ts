import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Json } from '@millrace/workflow';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, describe, expect, test } from 'vitest';
import { aDraft } from '../../test/engine-turn.ts';
import { anAction, aVersion, now } from '../../test/instance-builders.ts';
import { type MailServer, startMailServer } from '../../test/smtp-server.ts';
import { attempt, prepare } from '../attempt.ts';
import { systemClock } from '../clock.ts';
import type { Outcome } from '../instance/decide-outcome.ts';
import type { Sender } from '../tenant-settings.ts';
import { type CompiledAction, compileVersion } from '../version-cache.ts';
import type { Effects } from './index.ts';
import { connectEmail, type EmailConnection } from './send-email.ts';

const hello = { to: '{{ email }}', subject: 'Hello', text: 'Good to have you.' };

interface Given {
  senders?: readonly Sender[];
  data?: Record<string, Json>;
  timeoutSeconds?: number;
  atMostOnce?: boolean;
}

/** One attempt of a send_email of this config, rendered for this event. */
async function attemptWith(
  email: EmailConnection,
  config: Record<string, Json>,
  { data = {}, timeoutSeconds = 5, atMostOnce = false }: Given = {},
): Promise<Outcome> {
  const node = anAction({ action_config: config, timeout_seconds: timeoutSeconds, at_most_once: atMostOnce });
  const version = compileVersion(aVersion([node]));
  const draft = aDraft({ event: { data: { email: 'ada@example.com', ...data } } });
  const prepared = prepare(draft, version, version.actionById.get(1) as CompiledAction, now);
  if (prepared.kind !== 'call') return prepared;
  return attempt(draft, prepared, { send_email: email.effect } as unknown as Effects, undefined, systemClock);
}

function connectTo({ url }: Pick<MailServer, 'url'>, senders: readonly Sender[] = []): EmailConnection {
  const tenants = { get: async () => ({ senders, concurrentActions: null }) };
  return connectEmail({ smtpUrl: url, from: 'no-reply@millrace.example', tenants });
}

async function mail(server: Pick<MailServer, 'url'>, config: Record<string, Json>, given: Given = {}): Promise<Outcome> {
  const email = connectTo(server, given.senders);
  try {
    return await attemptWith(email, config, given);
  } finally {
    email.close();
  }
}

test('a mail carries what its action says, and an id that follows from the action key', async () => {
  await using server = await startMailServer();
  const config = {
    to: ['{{ email }}', 'Bo@Example.com'],
    cc: 'cc@example.com',
    bcc: 'hidden@example.com',
    reply_to: 'sales@example.com',
    from: 'team@example.com',
    subject: 'Hello {{ first_name }}',
    text: 'Plain {{ first_name }}',
    html: '<p>{{ first_name }}</p>',
    attachments: [{ filename: 'a.txt', content_type: 'text/plain', content: Buffer.from('attached').toString('base64') }],
  };
  const given = { data: { first_name: '<b>Zoë</b>' }, senders: [{ address: 'team@example.com', name: null }] };
  const first = await mail(server, config, given);
  const second = await mail(server, config, given);
  expect(first).toMatchObject({ kind: 'completed', output: { message_id: expect.stringMatching(/^<[0-9a-f]{32}@millrace>$/) } });
  expect(second).toMatchObject({ output: (first as { output: Json }).output as object });
  const [sent] = server.mails;
  expect(sent).toMatchObject({
    from: 'team@example.com',
    recipients: ['ada@example.com', 'Bo@example.com', 'cc@example.com', 'hidden@example.com'],
  });
  expect(sent?.headers).toContain(`X-Millrace-Action-Key: ${'0'.repeat(32)}/1`);
  expect(sent?.headers).toContain('Reply-To: sales@example.com');
  expect(sent?.headers.join('\n')).not.toContain('hidden@example.com');
  expect(sent?.body).toContain('&lt;b&gt;');
  expect(sent?.body).toContain(Buffer.from('attached').toString('base64'));
});

test('without a sender of its own it comes from the operator’s', async () => {
  await using server = await startMailServer();
  await mail(server, hello);
  expect(server.mails).toMatchObject([{ from: 'no-reply@millrace.example', recipients: ['ada@example.com'] }]);
});

describe('a sender', () => {
  const senders = [
    { address: 'hello@acme.example', name: 'Acme, "Inc." <x>' },
    { address: 'team@acme.example', name: null },
  ];

  test.each<[string, readonly Sender[], Record<string, Json>, string, string]>([
    ['the tenant’s first', senders, {}, 'hello@acme.example', 'From: "Acme, \\"Inc.\\" <x>" <hello@acme.example>'],
    ['another of the tenant’s, by its address', senders, { from: 'team@acme.example' }, 'team@acme.example', 'From: team@acme.example'],
    ['the operator’s, for a tenant without any', [], {}, 'no-reply@millrace.example', 'From: no-reply@millrace.example'],
  ])('is %s', async (_, own, config, from, header) => {
    await using server = await startMailServer();
    await mail(server, { ...hello, ...config }, { senders: own });
    expect(server.mails).toMatchObject([{ from }]);
    expect(server.mails[0]?.headers).toContain(header);
  });

  test.each<[string, readonly Sender[], string]>([
    ['another tenant’s', senders, 'team@globex.example'],
    ['like one of the tenant’s', senders, 'team@acme.example.evil.example'],
    ['the operator’s', senders, 'no-reply@millrace.example'],
    ['any, where the tenant has none', [], 'team@acme.example'],
  ])('may not be %s', async (_, own, from) => {
    await using server = await startMailServer();
    expect(await mail(server, { ...hello, from: '{{ from }}' }, { senders: own, data: { from } })).toMatchObject({
      kind: 'failed',
      code: 'sender_refused',
      retryable: false,
    });
    expect(server.mails).toEqual([]);
  });
});

describe('an address that is not exactly one sends nothing', async () => {
  const server = await startMailServer();
  afterAll(() => server[Symbol.asyncDispose]());

  test.each([
    'ada@example.com, eve@evil.example',
    'ada@example.com;eve@evil.example',
    'ada@example.com eve@evil.example',
    'ada@example.com\r\nBcc: eve@evil.example',
    'ada@example.com\nBcc: eve@evil.example',
    'ada@example.com\r\n\r\nbody',
    'ada@example.com%0d%0aBcc:eve@evil.example',
    'Ada <ada@example.com>',
    '"Ada" <ada@example.com>',
    '<ada@example.com>',
    '<ada@example.com> NOTIFY=SUCCESS',
    'friends: ada@example.com, eve@evil.example;',
    'undisclosed-recipients:;',
    '"ada"@example.com',
    '"a@evil.example"@example.com',
    'ada(comment)@example.com',
    'ada@example.com (comment)',
    'ada@[127.0.0.1]',
    'ada@[IPv6:::1]',
    'ada@127.0.0.1',
    'ada@localhost',
    '@example.com',
    'ada@',
    'ada',
    'ada@@example.com',
    'ada@evil.example@example.com',
    'ada..b@example.com',
    '.ada@example.com',
    'ada.@example.com',
    'ada@-example.com',
    'ada@exa_mple.com',
    'ada@example..com',
    'ada@example.com.',
    'ada\0@example.com',
    'ada@exam\tple.com',
    'ada@example.com\u2028Bcc: eve@evil.example',
    'ada@example.com\u0085x',
    'ada@example.com\u000bx',
    'a'.repeat(65).concat('@example.com'),
    `ada@${'a'.repeat(250)}.com`,
    'mailto:ada@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@evil.example',
    '=?utf-8?q?ada=40example.com?=',
  ])('%j', async (address) => {
    for (const field of ['to', 'cc', 'bcc', 'reply_to', 'from']) {
      const outcome = await mail(server, { ...hello, to: 'bo@example.com', [field]: '{{ address }}' }, { data: { address } });
      expect([field, outcome]).toMatchObject([
        field,
        { kind: 'failed', code: 'invalid_input', retryable: false, message: expect.stringContaining(field) },
      ]);
    }
    expect(server.mails).toEqual([]);
  });
});

test.each<[Json, string]>([
  [null, 'null'],
  ['', 'an empty text'],
  [[], 'an empty list'],
  ['   ', 'blanks'],
])('without an address nobody is written to: %j', async (email) => {
  await using server = await startMailServer();
  expect(await mail(server, hello, { data: { email } })).toEqual({ kind: 'skipped', reason: 'no_address' });
  expect(server.mails).toEqual([]);
});

describe('a text of a header stays in its line', () => {
  const hostile = [
    'Hello\r\nBcc: eve@evil.example',
    'Hello\nBcc: eve@evil.example',
    'Hello\rBcc: eve@evil.example',
    'Hello\r\n\r\n<script>body</script>',
    'Hello\u2028Bcc: eve@evil.example',
    'Hello\u0085Bcc: eve@evil.example',
    'Hello\r\n Bcc: folded@evil.example',
    'Hello\r\n.\r\nMAIL FROM:<eve@evil.example>',
    'Hello\0Bcc: eve@evil.example',
    'Hello\u000bBcc: eve@evil.example',
    `${'x'.repeat(500)}\r\nBcc: eve@evil.example`,
    '=?utf-8?Q?Hello=0D=0ABcc:_eve@evil.example?=',
  ];

  test.each(hostile)('the subject %j', async (subject) => {
    await using server = await startMailServer();
    await mail(server, { ...hello, subject: '{{ subject }}' }, { data: { subject } });
    const [sent] = server.mails;
    expect(sent?.recipients).toEqual(['ada@example.com']);
    expect(sent?.headers.filter((line) => /^(?:bcc|mail from)/i.test(line))).toEqual([]);
    expect(sent?.headers.filter((line) => /^subject:/i.test(line))).toHaveLength(1);
    expect(sent?.body.trim()).toBe('Good to have you.');
  });

  test.each(hostile)('the name and type of an attachment %j', async (text) => {
    await using server = await startMailServer();
    const attachments = [{ filename: '{{ text }}', content_type: '{{ text }}', content: 'YQ==' }];
    await mail(server, { ...hello, attachments }, { data: { text } });
    expect(server.mails.flatMap(({ recipients }) => recipients).filter((address) => address !== 'ada@example.com')).toEqual([]);
    for (const { headers, body } of server.mails) expect(`${headers.join('\n')}\n${body}`).not.toMatch(/^(?:bcc|mail from)/im);
  });
});

test('lines of a body that look like commands are part of the body', async () => {
  await using server = await startMailServer();
  const text = 'one\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n..\r\nQUIT';
  await mail(server, { ...hello, text });
  expect(server.mails).toHaveLength(1);
  expect(server.mails[0]?.body).toContain('MAIL FROM:<eve@evil.example>');
});

test.each<[string, Json]>([
  ['a path', { path: '/etc/passwd' }],
  ['a URL', { href: 'http://127.0.0.1/' }],
  ['raw content', { raw: { path: '/etc/passwd' } }],
])('an attachment of %s is no attachment', async (_, attachment) => {
  await using server = await startMailServer();
  expect(await mail(server, { ...hello, attachments: '{{ list }}' }, { data: { list: [attachment] } })).toMatchObject({
    kind: 'failed',
    code: 'invalid_input',
  });
  expect(await mail(server, { ...hello, text: '{{ it }}' }, { data: { it: attachment } })).toMatchObject({
    kind: 'failed',
    code: 'invalid_input',
  });
  expect(server.mails).toEqual([]);
});

describe('a mail server that', () => {
  const refusing = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });

  test.each<[string, SMTPServerOptions, Record<string, unknown>]>([
    ['refuses the recipient', { onRcptTo: (_, __, done) => done(refusing(550)) }, { code: 'email_refused', retryable: false }],
    ['asks to come back later', { onRcptTo: (_, __, done) => done(refusing(450)) }, { code: 'email_unavailable', retryable: true }],
    ['refuses the sender', { onMailFrom: (_, __, done) => done(refusing(553)) }, { code: 'email_refused', retryable: false }],
    ['is busy', { onConnect: (_, done) => done(refusing(421)) }, { code: 'email_unavailable', retryable: true }],
    [
      'refuses the content',
      { onData: (stream, _, done) => stream.resume().on('end', () => done(refusing(552))) },
      { code: 'email_refused', retryable: false },
    ],
    [
      'has no room now',
      { onData: (stream, _, done) => stream.resume().on('end', () => done(refusing(452))) },
      { code: 'email_unavailable', retryable: true },
    ],
    ['wants credentials', { authOptional: false, disabledCommands: ['STARTTLS'] }, { retryable: true, code: 'email_unavailable' }],
  ])('%s is what came of the attempt', async (_, options, expected) => {
    await using server = await startMailServer(options);
    expect(await mail(server, hello)).toMatchObject({ kind: 'failed', ...expected });
  });

  test('refuses one of several recipients gets the mail to the others, and who was refused is said', async () => {
    await using server = await startMailServer({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('eve') ? refusing(550) : null),
    });
    const outcome = await mail(server, { ...hello, to: ['ada@example.com', 'eve@example.com'] });
    expect(outcome).toMatchObject({ kind: 'completed', output: { rejected: ['eve@example.com'] } });
    expect(server.mails).toMatchObject([{ recipients: ['ada@example.com'] }]);
  });

  test('is not there was certainly not reached: tried again, also at most once', async () => {
    expect(await mail({ url: 'smtp://127.0.0.1:1' }, hello, { atMostOnce: true })).toMatchObject({
      kind: 'failed',
      code: 'email_unavailable',
      retryable: true,
    });
  });

  test.each([
    [false, { kind: 'failed', code: 'timeout', retryable: true }],
    [true, { kind: 'unknown', reason: 'timeout' }],
  ])('answers too late: at most once %s', async (atMostOnce, expected) => {
    await using server = await startMailServer({ onData: (stream) => void stream.resume() });
    expect(await mail(server, hello, { timeoutSeconds: 0.3, atMostOnce })).toMatchObject(expected);
  });

  test.each([
    [false, { kind: 'failed', code: 'email_unavailable', retryable: true }],
    [true, { kind: 'unknown', reason: 'no_answer' }],
  ])('hangs up once it has the mail may have taken it: at most once %s', async (atMostOnce, expected) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 mail.example\r\n');
      socket.on('data', (chunk) => {
        const text = chunk.toString();
        if (text.endsWith('\r\n.\r\n')) socket.destroy();
        else socket.write(/^DATA/.test(text) ? '354 go on\r\n' : '250 ok\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await mail({ url: `smtp://127.0.0.1:${port}` }, hello, { atMostOnce })).toMatchObject(expected);
    server.close();
  });
});

test('a mail whose time was over while the server hung is not sent once that answers again', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  await using server = await startMailServer({ onConnect: (_, done) => void opened.then(() => done()) });
  const email = connectTo(server);
  const late = Array.from({ length: email.mostAtOnce + 5 }, () => attemptWith(email, hello, { timeoutSeconds: 0.3 }));
  expect((await Promise.all(late)).map((outcome) => 'code' in outcome && outcome.code)).toEqual(late.map(() => 'timeout'));
  open();
  await attemptWith(email, { ...hello, to: 'bo@example.com' });
  expect(server.mails.map(({ recipients }) => recipients)).toEqual([['bo@example.com']]);
  email.close();
});
