import { describe, expect, test } from 'vitest';
import { faultsOf, inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import type { JsonObject } from '../json.ts';

const email = { to: 'ada@example.com', subject: 'Hi', text: 'Hello' };
const lead = anEvent({ data: { first_name: 'Ada', email: 'ada@example.com', boss: null, html: '<b>' } });
const base64Of = (bytes: number): string => Buffer.alloc(bytes).toString('base64');

describe('what is saved', () => {
  test.each<[string, JsonObject]>([
    ['one address', email],
    ['lists', { ...email, to: ['a@x.com', 'b@x.com'], cc: 'c@x.com', bcc: ['d@x.com'] }],
    [
      'templates anywhere',
      { to: '{{ lead.email }}', cc: ['{{ boss.email }}', 'b@x.com'], subject: '{{ subject }}', html: '<p>{{ text }}</p>' },
    ],
    ['html alone', { to: 'a@x.com', subject: 'Hi', html: '<p>Hi</p>' }],
    [
      'everything',
      {
        ...email,
        html: '<p>',
        reply_to: 'r@x.com',
        from: 'f@x.com',
        attachments: [{ filename: 'a.txt', content_type: 'text/plain', content: 'eA==' }],
      },
    ],
    [
      'attachments of 128 KB together',
      {
        ...email,
        attachments: [
          { filename: 'a', content: base64Of(65_536) },
          { filename: 'b', content: base64Of(65_536) },
        ],
      },
    ],
  ])('%s', (_name, config) => {
    expect(faultsOf('send_email', config)).toEqual([]);
  });

  test.each<[JsonObject, string[]]>([
    [{}, ['to required', 'subject required', 'text required']],
    [{ ...email, to: undefined as never }, ['to required']],
    [{ ...email, to: 'ada' }, ['to invalid_address']],
    [{ ...email, to: [] }, ['to too_small']],
    [{ ...email, to: ['a@x.com', 'b'] }, ['to[1] invalid_address']],
    [{ ...email, to: 5 }, ['to invalid_union']],
    [{ ...email, cc: null }, ['cc invalid_union']],
    [{ ...email, to: Array(51).fill('a@x.com') }, ['to too_big']],
    [{ ...email, to: Array(30).fill('a@x.com'), cc: Array(20).fill('a@x.com'), bcc: 'b@x.com' }, ['to too_big']],
    [{ ...email, reply_to: 'a@x.com, b@x.com' }, ['reply_to invalid_address']],
    [{ ...email, from: ['a@x.com'] }, ['from invalid_type']],
    [{ ...email, subject: '' }, ['subject too_small']],
    [{ ...email, subject: 'x'.repeat(901) }, ['subject too_big']],
    [{ ...email, text: 5 }, ['text invalid_type']],
    [{ to: 'a@x.com', subject: 'Hi' }, ['text required']],
    [{ ...email, text: '{{ name' }, ['text template_invalid']],
    [{ ...email, body: 'x', cC: 'y' }, ['body unknown_key', 'cC unknown_key']],
    [{ ...email, attachments: [{ filename: 'a', content: '%%%' }] }, ['attachments[0].content invalid_format']],
    [
      { ...email, attachments: [{ content: 'eA==', path: '/etc/passwd' }] },
      ['attachments[0].filename required', 'attachments[0].path unknown_key'],
    ],
    [{ ...email, attachments: [{ filename: 'a', content: base64Of(131_073) }] }, ['attachments too_big']],
    [{ ...email, attachments: Array(21).fill({ filename: 'a', content: 'eA==' }) }, ['attachments too_big']],
  ])('%j is refused', (config, faults) => {
    expect(faultsOf('send_email', config)).toEqual(faults);
  });
});

describe('what is sent', () => {
  test('addresses become lists, values of html are escaped', () => {
    const config = {
      to: '{{ lead.email }}',
      subject: 'Hi {{ first_name }}',
      text: '{{ html }}',
      html: '<p>{{ html }}</p>',
      reply_to: 'R@X.com',
    };

    expect(readyInput('send_email', config, lead)).toEqual({
      to: ['ada@example.com'],
      subject: 'Hi Ada',
      text: '<b>',
      html: '<p>&lt;b&gt;</p>',
      reply_to: 'R@x.com',
    });
  });

  test.each<[string, JsonObject]>([
    ['a missing address', { ...email, to: '{{ lead.gone }}' }],
    ['a null address', { ...email, to: '{{ boss }}' }],
    ['an empty address', { ...email, to: '{{ lead.gone }} ' }],
    ['a list of none', { ...email, to: ['{{ lead.gone }}', '{{ boss }}'], cc: 'c@x.com' }],
  ])('%s skips the action', (_name, config) => {
    expect(inputOf('send_email', config, lead)).toEqual({ kind: 'skipped', reason: 'no_address' });
  });

  test('those that are missing beside others are left out', () => {
    const config = { ...email, to: ['{{ lead.gone }}', '{{ lead.email }}'], cc: '{{ lead.gone }}', bcc: ['{{ boss }}', 'd@x.com'] };

    expect(readyInput('send_email', config, lead)).toEqual({ to: ['ada@example.com'], bcc: ['d@x.com'], subject: 'Hi', text: 'Hello' });
  });

  test('an address that a list in the data holds is one of several', () => {
    const event = anEvent({ data: { people: ['a@x.com', 'b@x.com'] } });

    expect(readyInput('send_email', { ...email, to: '{{ people }}' }, event)).toMatchObject({ to: ['a@x.com', 'b@x.com'] });
  });

  test.each<[string, JsonObject, string, string]>([
    ['a wrong address', { ...email, to: '{{ first_name }}' }, 'invalid_input', 'to: Expected exactly one e-mail address'],
    [
      'a missing subject',
      { ...email, subject: '{{ gone }}' },
      'template_missing',
      'subject: Expected a value for {{ gone }}, but it is missing',
    ],
    ['an empty subject', { ...email, subject: '{{ gone }} ' }, 'invalid_input', 'subject: Expected at least 1 characters, but got 0'],
    ['a missing text', { ...email, text: '{{ gone.deeper }}' }, 'template_missing', 'text: Expected a value for {{ gone.deeper }}'],
    [
      'a template that fails',
      { ...email, text: '{% for i in (1..99999) %}{{ i }}{% endfor %}' },
      'template_failed',
      'text: Expected a template that ends soon',
    ],
  ])('%s fails it', (_name, config, code, message) => {
    expect(inputOf('send_email', config, lead)).toEqual({ kind: 'failed', code, message: expect.stringContaining(message) });
  });

  test('several missing values are named together', () => {
    expect(inputOf('send_email', { ...email, subject: '{{ a }}', text: '{{ b }}' }, lead)).toMatchObject({
      message: expect.stringMatching(/^subject: .*; text: /),
    });
  });
});
