import { afterEach, describe, expect, test } from 'vitest';
import { anEvent } from '../../test/event-builder.ts';
import { aScope } from '../../test/scope-builder.ts';
import type { Json } from '../json.ts';
import type { Escape } from './engine.ts';
import { isTemplate, parseTemplate, type TemplateResult } from './template.ts';

type Fields = Record<string, Json>;
const lead: Fields = {
  first_name: 'Ada',
  lead_score: 80,
  tags: ['hot', 'vip'],
  owner_id: null,
  custom: { plan: 'gold', seats: 5 },
  active: true,
};

const render = (text: string, data: Fields = lead, escaping?: Escape): TemplateResult =>
  parseTemplate(text, { escaping }).render(aScope(data));
const valueOfTemplate = (text: string, data: Fields = lead, escaping?: Escape): Json => {
  const result = render(text, data, escaping);
  if (result.kind === 'missing') throw new Error(`Expected a value, but ${result.expression} is missing`);
  return result.value;
};

describe('a lone expression keeps its type', () => {
  test.each<[string, Json]>([
    ['{{ lead_score }}', 80],
    ['{{lead_score}}', 80],
    ['{{- lead_score -}}', 80],
    ['{{ tags }}', ['hot', 'vip']],
    ['{{ custom }}', { plan: 'gold', seats: 5 }],
    ['{{ custom.seats }}', 5],
    ['{{ active }}', true],
    ['{{ first_name }}', 'Ada'],
    ['{{ owner_id }}', null],
    ['{{ tags[0] }}', 'hot'],
    ['{{ tags.first }}', 'hot'],
    ['{{ tags | size }}', 2],
    ['{{ lead_score | plus: 5 }}', 85],
    ['{{ lead_score | divided_by: 0 }}', null],
    ['{{ lead_score > 50 }}', true],
    ['{{ tags | reverse }}', ['vip', 'hot']],
    ['{{ "text" }}', 'text'],
    ['{{ 5 }}', 5],
    ['{{ false }}', false],
    ['{{ nil }}', null],
    ['{{ (1..3) }}', [1, 2, 3]],
    ['{{ first_name | default: "there" }}', 'Ada'],
    ['{{ owner_id | default: 7 }}', 7],
    ['{{ gone | default: "there" }}', 'there'],
    ['{{ gone | default: 7 }}', 7],
    ['{{ gone.deeper | default: "there" }}', 'there'],
  ])('%s', (text, expected) => {
    expect(valueOfTemplate(text)).toEqual(expected);
  });

  test.each([
    '{{ gone }}',
    '{{ gone.deeper }}',
    '{{ custom.gone }}',
    '{{ gone | upcase }}',
    '{{ tags[5] }}',
    '{{ first_name.gone }}',
    '{{ previous.lead_score }}',
  ])('%s is missing', (text) => {
    expect(render(text)).toEqual({ kind: 'missing', expression: text.replace(/^\{\{ | \}\}$/g, '') });
  });
});

describe('running text', () => {
  test.each<[string, string]>([
    ['Hello {{ first_name }}!', 'Hello Ada!'],
    [' {{ lead_score }}', ' 80'],
    ['{{ lead_score }}{{ lead_score }}', '8080'],
    ['Hello {{ gone }}!', 'Hello !'],
    ['Hello {{ owner_id }}!', 'Hello !'],
    ['Hello {{ gone | default: "there" }}!', 'Hello there!'],
    ["{{ gone | default: 'out' }} there", 'out there'],
    ['{{ tags }}.', 'hotvip.'],
    ['{{ tags | join: ", " }}.', 'hot, vip.'],
    ['{{ custom }}.', '{"plan":"gold","seats":5}.'],
    ['{{ active }}.', 'true.'],
    ['{% if lead_score > 50 %}hot{% else %}cold{% endif %}', 'hot'],
    ['{% for tag in tags %}[{{ tag }}]{% endfor %}', '[hot][vip]'],
    ['{% assign x = 5 %}{{ x | times: 2 }}', '10'],
    ['{% raw %}{{ first_name }}{% endraw %}', '{{ first_name }}'],
    ['a {%- comment %} nothing {% endcomment -%} b', 'ab'],
    ['{{ first_name | upcase }} {{ first_name | size }}', 'ADA 3'],
  ])('%s', (text, expected) => {
    expect(valueOfTemplate(text)).toBe(expected);
  });

  test.each(['', 'Hello', '{ first_name }', '{', 'a }} b', '{ {first_name} }'])('%j has nothing to render', (text) => {
    expect(isTemplate(text)).toBe(false);
    expect(valueOfTemplate(text)).toBe(text);
  });
});

describe('what may be read', () => {
  const scope = aScope(lead, {
    event: anEvent({ data: { ...lead, event: 'bare', now: 'bare' }, previous: { lead_score: 70 }, source: 'import' }),
    actions: { ask: { output: { answer: 'yes' } } },
    variables: { total: 12 },
  });

  test.each<[string, Json]>([
    ['{{ event.source }}', 'import'],
    ['{{ event.event_id }}', 'e-1'],
    ['{{ data.lead_score }}', 80],
    ['{{ lead_score }}', 80],
    ['{{ lead.lead_score }}', 80],
    ['{{ previous.lead_score }}', 70],
    ['{{ workflow.name }}', 'Welcome'],
    ['{{ instance.id }}', 'i-1'],
    ['{{ tenant.id }}', 'acme'],
    ['{{ actions.ask.output.answer }}', 'yes'],
    ['{{ variables.total }}', 12],
    ['{{ now }}', '2026-11-24T10:00:00.000Z'],
    ['{{ data.now }}', 'bare'],
    ['{{ now | date: "%Y-%m-%d" }}', '2026-11-24'],
  ])('%s', (text, expected) => {
    expect(parseTemplate(text).render(scope)).toEqual({ kind: 'value', value: expected });
  });

  test('the lead of a completed task is the one that it carries', () => {
    const event = anEvent({ event_type: 'task_completed', data: { title: 'Call', lead: { first_name: 'Bob' } } });

    expect(parseTemplate('{{ lead.first_name }}').render(aScope({}, { event }))).toEqual({ kind: 'value', value: 'Bob' });
    expect(parseTemplate('{{ lead.title }}').render(aScope({}, { event }))).toEqual({ kind: 'missing', expression: 'lead.title' });
  });
});

describe('escaping', () => {
  const data = { name: '<b>"A" & \'B\'</b>', list: ['<', '>'], n: 5 };

  test.each<[string, Escape, Json]>([
    ['<p>{{ name }}</p>', 'html', '<p>&lt;b&gt;&#34;A&#34; &amp; &#39;B&#39;&lt;/b&gt;</p>'],
    ['{{ name }}', 'html', '&lt;b&gt;&#34;A&#34; &amp; &#39;B&#39;&lt;/b&gt;'],
    ['<p>{{ name | raw }}</p>', 'html', '<p><b>"A" & \'B\'</b></p>'],
    ['{{ name | raw }}', 'html', '<b>"A" & \'B\'</b>'],
    ['{{ list }}!', 'html', '&lt;&gt;!'],
    ['{{ gone | default: "<i>" }}!', 'html', '&lt;i&gt;!'],
    ['{% assign x = name %}{{ x }}', 'html', '&lt;b&gt;&#34;A&#34; &amp; &#39;B&#39;&lt;/b&gt;'],
    ['{% for x in list %}{{ x }}{% endfor %}', 'html', '&lt;&gt;'],
    ['{{ name | upcase }}!', 'html', '&lt;B&gt;&#34;A&#34; &amp; &#39;B&#39;&lt;/B&gt;!'],
    ['{{ name | escape }}!', 'html', '&amp;lt;b&amp;gt;&amp;#34;A&amp;#34; &amp;amp; &amp;#39;B&amp;#39;&amp;lt;/b&amp;gt;!'],
    ['{{ name }}!', 'none', '<b>"A" & \'B\'</b>!'],
    ['https://x.test/{{ name }}', 'url', 'https://x.test/%3Cb%3E%22A%22%20%26%20%27B%27%3C%2Fb%3E'],
    ['https://x.test/?n={{ n }}', 'url', 'https://x.test/?n=5'],
    ['https://x.test/{% if n > 1 %}{{ name | slice: 0, 3 }}{% endif %}', 'url', 'https://x.test/%3Cb%3E'],
  ])('%s in %s', (text, escaping, expected) => {
    expect(valueOfTemplate(text, data, escaping)).toBe(expected);
  });

  test('a URL has no way around it', () => {
    expect(() => parseTemplate('https://x.test/{{ name | raw }}', { escaping: 'url' })).toThrow('undefined filter: raw');
  });
});

describe('a value is never rendered again', () => {
  const data = { evil: '{{ lead.secret }}{% assign x = 1 %}', secret: 's' };

  test.each([
    '{{ evil }}',
    'a {{ evil }}',
    '{{ evil | append: "" }}',
    '{% assign x = evil %}{{ x }}',
    '{% capture x %}{{ evil }}{% endcapture %}{{ x }}',
  ])('%s', (text) => {
    expect(valueOfTemplate(text, data)).toBe(`${text.startsWith('a') ? 'a ' : ''}${data.evil}`);
  });
});

describe('dates', () => {
  const machineZone = process.env.TZ;
  afterEach(() => {
    if (machineZone === undefined) delete process.env.TZ;
    else process.env.TZ = machineZone;
  });

  test.each<[string, string]>([
    ['{{ "2026-11-24T10:30:00Z" | date: "%H:%M" }}', '10:30'],
    ['{{ "2026-11-24T10:30:00+02:00" | date: "%H:%M" }}', '08:30'],
    ['{{ "2026-11-24T10:30" | date: "%H:%M" }}', '10:30'],
    ['{{ "2026-11-24 10:30" | date: "%H:%M" }}', '10:30'],
    ['{{ "2026-11-24" | date: "%d.%m.%Y %H:%M" }}', '24.11.2026 00:00'],
    ['{{ "Nov 24, 2026" | date: "%d.%m.%Y %H:%M" }}', '24.11.2026 00:00'],
    ['{{ "Nov 24, 2026 10:30 AM" | date: "%H:%M" }}', '10:30'],
    ['{{ "24 November 2026 10:30" | date: "%H:%M" }}', '10:30'],
    ['{{ "Tue, 24 Nov 2026 10:30:00 GMT" | date: "%H:%M" }}', '10:30'],
    ['{{ "Tue, 24 Nov 2026 10:30:00 +0200" | date: "%H:%M" }}', '08:30'],
    ['{{ "Nov 24 2026 10:30 PST" | date: "%H:%M" }}', '18:30'],
    ['{{ "2026-11-24T10:30:00Z" | date: "%H:%M", "America/New_York" }}', '05:30'],
    ['{{ 1795516200 | date: "%Y-%m-%d %H:%M" }}', '2026-11-24 10:30'],
    ['{{ "1795516200" | date: "%Y-%m-%d %H:%M" }}', '2026-11-24 10:30'],
    ['{{ "now" | date: "%Y-%m-%d %H:%M" }}', '2026-11-24 10:00'],
    ['{{ "today" | date: "%H:%M" }}', '10:00'],
    ['{{ now | date: "%c" }}', '11/24/2026, 10:00:00 AM'],
    ['{{ now | date_to_xmlschema }}', '2026-11-24T10:00:00+00:00'],
    ['{{ now | date_to_rfc822 }}', 'Tue, 24 Nov 2026 10:00:00 +0000'],
    ['{{ now | date_to_string }}', '24 Nov 2026'],
    ['{{ "10:30" | date: "%H:%M" }}', '10:30'],
    ['{{ "soon" | date: "%H:%M" }}', 'soon'],
    ['{{ "" | date: "%H:%M" }}', ''],
  ])('%s, wherever the machine stands', (text, expected) => {
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu']) {
      process.env.TZ = zone;
      expect(valueOfTemplate(text)).toBe(expected);
    }
  });
});

describe('a template that is none is refused when it is saved', () => {
  test.each([
    ['{{ name', 'not closed'],
    ['{% if a %}', 'not closed'],
    ['{% endif %}', 'not found'],
    ['{% nonsense %}', 'tag "nonsense" not found'],
    ['{{ name | nonsense }}', 'undefined filter: nonsense'],
    ['{{ }}', 'invalid value expression'],
    ['{% for in tags %}{% endfor %}', 'illegal tag'],
    ['{% assign = 5 %}', 'expected variable name'],
    ['{% raw %}', 'not closed'],
  ])('%s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ name: 'TemplateError', code: 'template_invalid' }));
    expect(() => parseTemplate(text)).toThrow(message);
  });
});

test('a render leaves nothing behind for the next', () => {
  const template = parseTemplate('{% assign x = name %}{% increment n %}{{ x }}{{ y }}');

  expect(template.render(aScope({ name: 'a', y: 1 }))).toEqual({ kind: 'value', value: '0a1' });
  expect(template.render(aScope({ name: 'b' }))).toEqual({ kind: 'value', value: '0b' });
});

test('the scope is left as it was', () => {
  const data = { tags: ['b', 'a'], name: 'x' };
  const scope = aScope(data);
  parseTemplate(
    '{% assign name = "y" %}{% assign event = 1 %}{% increment now %}{% increment name %}{% decrement lead %}{{ tags | sort }}{{ tags | push: "c" }}{{ tags | reverse }}',
  ).render(scope);

  expect(data).toEqual({ tags: ['b', 'a'], name: 'x' });
  expect(parseTemplate('{{ event.source }} {{ name }} {{ lead.name }} {{ now }}').render(scope)).toEqual({
    kind: 'value',
    value: 'crm x x 2026-11-24T10:00:00.000Z',
  });
});
