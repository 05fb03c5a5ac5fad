import { describe, expect, test } from 'vitest';
import { faultsOf } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import { aScope } from '../../test/scope-builder.ts';
import { type ActionType, actionTypeNames, actionTypes } from '../actions/action-types.ts';
import { checkConditions } from '../conditions/condition-tree.ts';
import type { JsonObject } from '../json.ts';

const url = 'https://api.example.com/';
const event = anEvent({ data: { name: '{{ secrets.token }}', list: ['{{ secrets.token }}'], secrets: { token: 'of the event' } } });
const render = (config: JsonObject, secrets?: ReadonlyMap<string, string>) => {
  const scope = aScope(event.data, { event });
  return actionTypes.http_request.compile({ url, ...config })(secrets === undefined ? scope : { ...scope, secrets }, event);
};
const sent = new Map([
  ['token', 's3cret'],
  ['other', 'another'],
]);

describe('a secret stands in the headers and the body of an http_request', () => {
  test.each<[JsonObject, object, object]>([
    [{ body: '{{ secrets.token }}' }, { body: '{{ secrets.token }}' }, { body: 's3cret' }],
    [{ body: '{{secrets.token}}' }, { body: '{{ secrets.token }}' }, { body: 's3cret' }],
    [{ body: 'a {{- secrets.token -}} b' }, { body: 'a{{ secrets.token }}b' }, { body: 'as3cretb' }],
    [
      { body: { a: ['{{ secrets.token }}{{ secrets.other }}'] } },
      { body: { a: ['{{ secrets.token }}{{ secrets.other }}'] } },
      { body: { a: ['s3cretanother'] } },
    ],
    [
      { headers: { Authorization: 'Bearer {{ secrets.token }}' } },
      { headers: { Authorization: 'Bearer {{ secrets.token }}' } },
      { headers: { Authorization: 'Bearer s3cret' } },
    ],
    [{ body: '{% if true %}x{% endif %}{{ secrets.token }}' }, { body: 'x{{ secrets.token }}' }, { body: 'xs3cret' }],
    [
      { body: '{{ name }} {{ secrets.token }}' },
      { body: '{{ secrets.token }} {{ secrets.token }}' },
      { body: '{{ secrets.token }} s3cret' },
    ],
    [{ body: '{{ name }}' }, { body: '{{ secrets.token }}' }, { body: '{{ secrets.token }}' }],
    [{ body: '{{ list }}' }, { body: ['{{ secrets.token }}'] }, { body: ['{{ secrets.token }}'] }],
    [{ body: '{{ data.secrets.token }}' }, { body: 'of the event' }, { body: 'of the event' }],
    [{ body: '{% raw %}{{ secrets.token }}{% endraw %}' }, { body: '{{ secrets.token }}' }, { body: '{{ secrets.token }}' }],
  ])('%j is kept as %j and sent as %j', (config, kept, revealed) => {
    expect(faultsOf('http_request', { url, ...config })).toEqual([]);
    expect(render(config)).toMatchObject({ kind: 'ready', input: kept });
    expect(render(config, sent)).toMatchObject({ kind: 'ready', input: revealed });
  });

  test.each([
    '{{ secrets["token"] }}',
    '{{ secrets.token | upcase }}',
    '{{ secrets.token | default: "x" }}',
    '{{ secrets.token | base64_encode }}',
    '{{ secrets.token | slice: 0 }}',
    '{{ secrets }}',
    '{{ secrets.a.b }}',
    '{{ secrets.1a }}',
    '{{ secrets.a-b }}',
    '{{ secrets.token.size }}',
    '{{ "a" | append: secrets.token }}',
    '{{ secrets.token == "x" }}',
    '{% if secrets.token contains "a" %}a{% endif %}',
    '{% if true %}{{ secrets.token }}{% endif %}',
    '{% unless secrets.token %}a{% endunless %}',
    '{% case secrets.token %}{% when "a" %}b{% endcase %}',
    '{% assign x = secrets.token %}{{ x }}',
    '{% capture x %}{{ secrets.token }}{% endcapture %}{{ x | upcase }}',
    '{% for c in secrets.token %}{{ c }}{% endfor %}',
    '{% for c in list %}{{ secrets.token }}{% endfor %}',
    '{% echo secrets.token %}',
    '{% liquid echo secrets.token %}',
    '{% cycle secrets.token, "a" %}',
    '{% tablerow x in secrets.token %}{% endtablerow %}',
  ])('%s is refused when it is saved', (text) => {
    expect(faultsOf('http_request', { url, body: { a: text } })).toEqual(['body.a invalid_secret']);
  });

  test.each(['{{ ["secrets"].token }}', '{{ ["secrets"]["token"] }}', '{% assign n = "secrets" %}{{ [n].token }}'])(
    'nothing else reads its value: %s',
    (text) => {
      expect(JSON.stringify(render({ body: text }, sent))).not.toContain('s3cret');
    },
  );

  test('the secrets that a config names are known with their places', () => {
    const config = { url, headers: { A: '{{ secrets.a }}' }, body: ['x', { b: '{{ secrets.b }} {{ secrets.a }}' }] };
    expect(actionTypes.http_request.secretsOf(config)).toEqual([
      { path: ['headers', 'A'], name: 'a' },
      { path: ['body', 1, 'b'], name: 'b' },
      { path: ['body', 1, 'b'], name: 'a' },
    ]);
  });
});

describe('a secret elsewhere is refused when it is saved', () => {
  const textual: Partial<Record<ActionType, [JsonObject, string][]>> = {
    http_request: [[{ url: `${url}?k={{ secrets.token }}` }, 'url']],
    send_email: [
      [{ to: '{{ secrets.token }}', subject: 's', text: 't' }, 'to'],
      [{ to: 'a@b.example', subject: '{{ secrets.token }}', text: 't' }, 'subject'],
      [{ to: 'a@b.example', subject: 's', text: '{{ secrets.token | upcase }}' }, 'text'],
      [{ to: 'a@b.example', subject: 's', html: '<b>{% if secrets.token %}a{% endif %}</b>' }, 'html'],
    ],
    send_sms: [[{ to: '+491701234567', body: '{{ secrets.token }}' }, 'body']],
    create_task: [[{ title: '{{ secrets.token }}' }, 'title']],
    update_lead: [[{ fields: { company: '{{ secrets.token }}' } }, 'fields.company']],
    add_tag: [[{ tag: '{{ secrets.token }}' }, 'tag']],
    remove_tag: [[{ tag: '{{ secrets.token }}' }, 'tag']],
    send_notification: [[{ user_id: '7', title: '{{ secrets.token }}' }, 'title']],
    emit_event: [[{ event_name: 'x.y', data: { a: '{{ secrets.token }}' } }, 'data.a']],
    start_workflow: [[{ workflow_id: 1, additional_data: { a: '{{ secrets.token }}' } }, 'additional_data.a']],
    set_variable: [[{ name: 'a', value: '{{ secrets.token }}' }, 'value']],
    exit: [[{ reason: '{{ secrets.token }}' }, 'reason']],
  };
  const cases = Object.entries(textual).flatMap(([type, configs]) => configs.map(([config, path]) => [type, config, path] as const));

  test.each(cases)('%s %j', (type, config, path) => {
    expect(faultsOf(type as ActionType, config)).toContain(`${path} secret_not_allowed`);
  });

  test('only http_request asks for secrets', () => {
    const body = { body: '{{ secrets.token }}', headers: { A: '{{ secrets.token }}' } };
    expect(actionTypeNames.filter((type) => actionTypes[type].secretsOf(body).length > 0)).toEqual(['http_request']);
  });
});

test.each(['trigger', 'instance'] as const)('a condition of a %s asks for no secret, nor for what an event calls so', (place) => {
  const { faults } = checkConditions([{ field: 'secrets.token', operator: 'equals', value: 'a' }], place);
  expect(faults).toMatchObject([{ path: [0, 'field'], code: 'secret_not_allowed' }]);
  expect(checkConditions([{ field: 'secrets', operator: 'exists' }], place).faults).toEqual([]);
});
