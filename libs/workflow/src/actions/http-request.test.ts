import { describe, expect, test } from 'vitest';
import { faultsOf, inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import type { JsonObject } from '../json.ts';

const url = 'https://example.com/hooks';

describe('what is saved', () => {
  test.each<[JsonObject]>([
    [{ url }],
    [{ url: 'http://example.com:8080/a?b={{ lead_id }}#c' }],
    [
      {
        url: `${url}/{{ lead_id }}`,
        method: 'PUT',
        headers: { Authorization: 'Bearer x' },
        body: { a: ['{{ tags }}'] },
        expected_statuses: [200, 404],
      },
    ],
    [{ url, body: 'text' }],
    [{ url, body: null }],
  ])('%j', (config) => {
    expect(faultsOf('http_request', config)).toEqual([]);
  });

  test.each<[JsonObject, string[]]>([
    [{}, ['url required']],
    [{ url: 'ftp://example.com/' }, ['url invalid_format']],
    [{ url: 'example.com' }, ['url invalid_format']],
    [{ url: '//example.com/' }, ['url invalid_format']],
    [{ url: 'https:///x' }, ['url invalid_format']],
    [{ url: 'https://user:pass@example.com/' }, ['url invalid_format']],
    [{ url: 'https://example.com\\@evil.test/' }, ['url invalid_format']],
    [{ url: 'https://exa mple.com/' }, ['url invalid_format']],
    [{ url: '{{ lead.url }}' }, ['url invalid_url']],
    [{ url: 'https://{{ lead.host }}/' }, ['url invalid_url']],
    [{ url: 'https://example.com{{ lead.path }}' }, ['url invalid_url']],
    [{ url: 'https://example.com:{{ lead.port }}/' }, ['url invalid_url']],
    [{ url: '{% if x %}https://a.test/{% endif %}' }, ['url invalid_url']],
    [{ url: '{{ scheme }}://example.com/' }, ['url invalid_url']],
    [{ url: `${url}/{{ lead_id | raw }}` }, ['url template_invalid']],
    [{ url, method: 'TRACE' }, ['method invalid_value']],
    [{ url, headers: { 'X Y': 'a' } }, ['headers["X Y"] invalid_key']],
    [{ url, headers: { 'X\r\nY': 'a' } }, ['headers["X\\r\\nY"] invalid_key']],
    [{ url, headers: { Host: 'a' } }, ['headers.Host invalid_key']],
    [{ url, headers: { 'content-length': '5' } }, ['headers.content-length invalid_key']],
    [{ url, headers: { 'webhook-signature': 'v1' } }, ['headers.webhook-signature invalid_key']],
    [{ url, headers: { 'Idempotency-Key': 'x' } }, ['headers.Idempotency-Key invalid_key']],
    [{ url, headers: { a: 5 } }, ['headers.a invalid_type']],
    [{ url, expected_statuses: [99] }, ['expected_statuses[0] too_small']],
    [{ url, expected_statuses: [] }, ['expected_statuses too_small']],
    [{ url, timeout: 5 }, ['timeout unknown_key']],
  ])('%j is refused', (config, faults) => {
    expect(faultsOf('http_request', config)).toEqual(faults);
  });
});

describe('what is called', () => {
  const event = anEvent({ data: { id: '../x?y=1#z', name: 'a b&c', n: 5, list: [1], header: 'a\r\nX-Evil: 1' } });

  test('values in a URL are encoded and stay where they stand', () => {
    expect(readyInput('http_request', { url: `${url}/{{ id }}?n={{ name }}` }, event)).toEqual({
      method: 'POST',
      url: `${url}/..%2Fx%3Fy%3D1%23z?n=a%20b%26c`,
      headers: {},
    });
  });

  test('a body keeps its types, a header is one line', () => {
    const config = {
      url,
      headers: { 'X-N': '{{ n }}', 'X-H': '{{ header }}' },
      body: { n: '{{ n }}', list: '{{ list }}', text: 'is {{ n }}' },
    };

    expect(readyInput('http_request', config, event)).toMatchObject({
      headers: { 'X-N': '5', 'X-H': 'a X-Evil: 1' },
      body: { n: 5, list: [1], text: 'is 5' },
    });
  });

  test('a missing value of a body fails, one in a URL is empty', () => {
    expect(inputOf('http_request', { url, body: { a: '{{ gone }}' } }, event)).toMatchObject({ kind: 'failed', code: 'template_missing' });
    expect(readyInput('http_request', { url: `${url}/{{ gone }}` }, event)).toMatchObject({ url: `${url}/` });
  });
});
