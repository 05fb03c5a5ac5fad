import { describe, expect, test } from 'vitest';
import { inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import { parseAddress, parsePhone } from '../address.ts';

/** Texts that are no single addr-spec: each would add a recipient, a header or a command, or name something else than a mailbox. */
const addresses = [
  '',
  ' ',
  '@',
  'ada',
  'ada@',
  '@example.com',
  'ada@example',
  'ada@localhost',
  'ada@@example.com',
  'ada@example.com@evil.test',
  'ada example.com',
  'ada @example.com',
  'ada@ example.com',
  'a da@example.com',
  '.ada@example.com',
  'ada.@example.com',
  'a..da@example.com',
  'ada@.example.com',
  'ada@example..com',
  'ada@example.com.',
  'ada@-example.com',
  'ada@example-.com',
  'ada@exa_mple.com',
  'ada@example.com,eve@evil.test',
  'ada@example.com, eve@evil.test',
  'ada@example.com;eve@evil.test',
  'ada@example.com eve@evil.test',
  'ada@example.com\neve@evil.test',
  'ada@example.com\r\nBcc: eve@evil.test',
  'ada@example.com\r\n\r\nbody',
  'ada@example.com\nBcc: eve@evil.test',
  'ada@example.com\rBcc: eve@evil.test',
  'ada@example.com\n',
  '\nada@example.com',
  'ada@example.com\r',
  'ada\n@example.com',
  'ada@\nexample.com',
  'ada@example.com\u0000',
  'ada\u0000@example.com',
  'ada@example.com\u0085Bcc: eve@evil.test',
  'ada@example.com\u2028Bcc: eve@evil.test',
  'ada@example.com\u2029eve@evil.test',
  'ada@example.com\u000b',
  'ada@example.com\u000c',
  'ada@example.com%0aBcc:eve@evil.test',
  'ada@example.com%0d%0aBcc:eve@evil.test',
  'ada@example.com\\r\\nBcc: eve@evil.test',
  'ada@example.com?bcc=eve@evil.test',
  'ada@example.com>',
  '<ada@example.com>',
  '<ada@example.com',
  'Ada <ada@example.com>',
  '"Ada" <ada@example.com>',
  '"Ada, Eve" <ada@example.com>',
  'Ada <ada@example.com>, Eve <eve@evil.test>',
  '=?utf-8?q?Ada?= <ada@example.com>',
  'friends: ada@example.com, eve@evil.test;',
  'undisclosed-recipients:;',
  ':ada@example.com;',
  'ada(comment)@example.com',
  'ada@example.com (comment)',
  '(comment)ada@example.com',
  'ada@(comment)example.com',
  '"ada"@example.com',
  '"ada lovelace"@example.com',
  '"ada@example.com"@evil.test',
  '"<eve@evil.test>"@example.com',
  '"a\\"b"@example.com',
  'ada\\@evil.test@example.com',
  'ada@[127.0.0.1]',
  'ada@[IPv6:::1]',
  'ada@127.0.0.1',
  'ada@2130706433',
  'ada@0x7f.1',
  'ada@0x7f.0x0.0x0.0x1',
  'ada@１２７.０.０.１',
  'ada@①②⑦.0.0.1',
  'ada@::1',
  'ada@example.com:25',
  'ada@example.com/path',
  'ada@example.com#x',
  'ada@example%2ecom',
  'ada@exam\u00adple.com',
  'ada@exam\u200bple.com',
  'ada@exam\u200dple.com',
  'ada@exam\u202eple.com',
  'ada@example。com',
  'ada@example．com',
  'ada＠example.com',
  'adä@example.com',
  'ada\u202e@example.com',
  'ada\u00a0@example.com',
  'ada@xn--.com',
  'mailto:ada@example.com',
  'ada@example.com\tcc:eve@evil.test',
  '@relay.test:ada@example.com',
  '@a.test,@b.test:ada@example.com',
  'ada%evil.test@',
  'evil.test!ada',
  '|/bin/sh@example.com\n',
  'RCPT TO:<ada@example.com>',
  'ada@example.com> NOTIFY=SUCCESS',
  '/etc/passwd',
  'null',
  '[object Object]',
];

const phones = [
  '',
  ' ',
  '+',
  '030123456',
  '0049 30 123456',
  '4930123456',
  '+0123456789',
  '+49',
  '+123456',
  '+1234567890123456',
  '++4930123456',
  '+49+30123456',
  '+49 (0)30 123456',
  '+49(0)30123456',
  '+4930123456,+15551234567',
  '+4930123456;+15551234567',
  '+4930123456\n+15551234567',
  '+4930123456\r\nBody: hi',
  '+4930123456\u0000',
  '+4930123456&To=+15551234567',
  '+4930123456%0a',
  '+49301234x6',
  '+49 30 1234 ext. 5',
  '+49/30/123456',
  '+４９３０１２３４５６',
  '+٤٩٣٠١٢٣٤٥٦',
  '\u202e+4930123456',
  'tel:+4930123456',
  'whatsapp:+4930123456',
  '1e10',
  '112',
  'Ada',
];

/** Texts that would begin another header, end the headers, or break a line in two. */
const breaks = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\n\n',
  '\u0000',
  '\u000b',
  '\u000c',
  '\u0085',
  '\u2028',
  '\u2029',
  '\t',
  '\u001b',
  '\u007f',
];
const control = /[\p{Cc}\u2028\u2029]/u;

const email = { to: 'ada@example.com', subject: 'Hi', text: 'x' };
const eventWith = (evil: string) => anEvent({ data: { evil } });

describe('a text that is not one address goes nowhere', () => {
  test.each(addresses)('%j', (evil) => {
    expect(parseAddress(evil)).toBeNull();
    for (const key of ['to', 'cc', 'bcc', 'reply_to', 'from']) {
      const input = inputOf('send_email', { ...email, [key]: '{{ evil }}' }, eventWith(evil));
      if (evil.trim() === '' && ['cc', 'bcc'].includes(key)) expect(input).toMatchObject({ kind: 'ready' });
      else if (evil.trim() === '' && key === 'to') expect(input).toEqual({ kind: 'skipped', reason: 'no_address' });
      else expect(input).toMatchObject({ kind: 'failed', code: 'invalid_input', message: expect.stringContaining(key) });
    }
  });
});

describe('a text that is not one number goes nowhere', () => {
  test.each(phones)('%j', (evil) => {
    expect(parsePhone(evil)).toBeNull();
    const input = inputOf('send_sms', { to: '{{ evil }}', body: 'x' }, eventWith(evil));
    if (evil.trim() === '') expect(input).toEqual({ kind: 'skipped', reason: 'no_address' });
    else expect(input).toMatchObject({ kind: 'failed', code: 'invalid_input', message: expect.stringContaining('to') });
  });
});

describe('a line stays one line', () => {
  test.each(breaks)('%j', (evil) => {
    const event = eventWith(`before${evil}Bcc: eve@evil.test`);
    const mail = readyInput(
      'send_email',
      {
        ...email,
        subject: 'Hi {{ evil }}',
        attachments: [{ filename: 'a{{ evil }}.txt', content_type: 'text/plain{{ evil }}', content: 'eA==' }],
      },
      event,
    ) as { subject: string; attachments: { filename: string; content_type: string }[] };
    const call = readyInput('http_request', { url: 'https://example.com/', headers: { 'X-Name': '{{ evil }}' } }, event) as {
      headers: Record<string, string>;
    };
    const task = readyInput('create_task', { title: '{{ evil }}' }, event) as { title: string };

    for (const line of [
      mail.subject,
      mail.attachments[0]?.filename,
      mail.attachments[0]?.content_type,
      call.headers['X-Name'],
      task.title,
    ]) {
      expect(line).not.toMatch(control);
      expect(line).toContain('before Bcc: eve@evil.test');
    }
  });
});

test('the family of mail, text message and header injection has at least 120 distinct inputs', () => {
  expect(new Set([...addresses, ...phones, ...breaks]).size).toBeGreaterThanOrEqual(120);
});
