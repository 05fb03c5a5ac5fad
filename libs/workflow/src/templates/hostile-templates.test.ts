import { describe, expect, test } from 'vitest';
import { aScope } from '../../test/scope-builder.ts';
import type { Json } from '../json.ts';
import { checkTemplates, compileConfig } from './config-template.ts';
import { engines } from './engine.ts';
import { parseTemplate, type TemplateResult } from './template.ts';

const many = (text: string, times: number): string => text.repeat(times);
const deep = (levels: number): Json => JSON.parse(`${many('[', levels)}${many(']', levels)}`);
const data: Record<string, Json> = {
  name: 'Ada',
  n: 5,
  none: null,
  tags: ['hot', 'vip'],
  custom: { plan: 'gold' },
  long: many('x', 200_000),
  needle: `${many('x', 25_000)}y${many('x', 25_000)}`,
  blanks: many(' ', 100_000),
  opened: many('<script', 30_000),
  amps: many('&', 200_000),
  list: Array(10_000).fill('a'),
  deep: deep(20_000),
  path: 'constructor',
};
const scope = aScope(data);
const render = (text: string): TemplateResult => parseTemplate(text).render(scope);

const inherited = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
  'isPrototypeOf',
];
const parents = [
  '',
  'name.',
  'n.',
  'tags.',
  'custom.',
  'event.',
  'data.',
  'lead.',
  'workflow.',
  'actions.',
  'none.',
  'empty.',
  'blank.',
  'nil.',
];

/** Expressions that lead to what nothing owns: to the runtime, to prototypes, to code. */
const unowned = [
  ...parents.flatMap((parent) => inherited.map((name) => `${parent}${name}`)),
  'custom["__proto__"]',
  'custom["constructor"]["constructor"]',
  'custom[path]',
  'tags["constructor"]',
  'tags.constructor.constructor',
  'tags.map',
  'tags.at',
  'tags.length.constructor',
  'name.constructor.fromCharCode',
  'name.repeat',
  'n.toFixed',
  'process',
  'process.env',
  'globalThis',
  'global.process',
  'require',
  'module',
  'this',
  'self',
  'window',
  'console.log',
  'Object',
  'Function',
  'eval',
  'liquid',
  'context',
  'scopes',
  'environments',
  'secrets.api_key',
  'env.DATABASE_URL',
  'forloop',
  'forloop.constructor',
];

const refused = [
  '{% include "/etc/passwd" %}',
  '{% include name %}',
  '{% render "other" %}',
  '{% render name, x: 1 %}',
  '{% layout "base" %}',
  '{% block main %}{% endblock %}',
  '{% import "x" %}',
  '{% extends "x" %}',
  '{% require "fs" %}',
  '{% javascript %}alert(1){% endjavascript %}',
  '{% eval name %}',
  '{% macro x %}{% endmacro %}',
  '{{ tags | sample }}',
  '{{ tags | shuffle }}',
  '{{ tags | where_exp: "x", "x.constructor" }}',
  '{{ tags | reject_exp: "x", "true" }}',
  '{{ tags | group_by_exp: "x", "x" }}',
  '{{ tags | has_exp: "x", "x" }}',
  '{{ tags | find_exp: "x", "x" }}',
  '{{ tags | find_index_exp: "x", "x" }}',
  '{{ name | eval }}',
  '{{ name | constructor }}',
  '{{ name | __proto__ }}',
  '{{ name | toString }}',
  '{{ name | liquify }}',
  '{{ name | render }}',
  '{{ 1 | random }}',
  '{{ name | getenv }}',
  '{{ name',
  '{% if',
  '{% if n %}',
  '{% for x in tags %}',
  '{% endfor %}',
  '{% raw %}',
  '{% comment %}',
  '{{ }}',
  '{{ | upcase }}',
  '{{ name || upcase }}',
  `{{ name${many(' | upcase', 300)} }}`,
  `{{ "${many('x', 2_000)}" }}`,
  `{% if ${many('n or ', 500)}n %}{% endif %}`,
  `{{ n }}${many('x', 65_537)}`,
  many('{{', 20_000),
  many('{%', 20_000),
  many('{% if n %}', 5_000),
  many('{% raw %}', 5_000),
  many('{% comment %}', 4_000),
  `${many('{% if n %}', 3_400)}${many('{% endif %}', 2_900)}`,
  `{{ ${many('tags[', 300)}0 }}`,
  `{{ ${many('(', 500)}1..2 }}`,
];

/** Templates that would take too long, or too much memory, or make too much. */
const costly = [
  '{% for a in (1..1000000000) %}x{% endfor %}',
  '{% for a in (1..100000) %}{% endfor %}',
  '{% for a in list %}{% for b in list %}{% endfor %}{% endfor %}',
  '{% for a in list %}{% for b in tags %}{% for c in tags %}{% endfor %}{% endfor %}{% endfor %}',
  '{% tablerow a in list %}{% for b in tags %}{{ b }}{% endfor %}{% endtablerow %}',
  `{% for a in list %}{{ ""${many('|upcase', 250)} }}{% endfor %}`,
  `{% for a in list %}{% if ${many('n or ', 380)}n %}{% endif %}{% endfor %}`,
  `{% for a in list %}{% case n %}{% when ${many('1,', 900)}1 %}{% endcase %}{% endfor %}`,
  `{% for a in list %}{% case n %}${many('{% when 1 %}', 5_000)}{% endcase %}{% endfor %}`,
  `{% for a in list %}{% if false %}${many('{% elsif false %}', 3_500)}{% endif %}{% endfor %}`,
  `{% for a in list %}{{ custom${many('.n', 900)} }}{% endfor %}`,
  `{% for a in list %}{{ ${many('tags[', 300)}0${many(']', 300)} }}{% endfor %}`,
  `{% for a in list %}{% cycle ${many('"a",', 450)}"b" %}{% endfor %}`,
  '{% for a in list %}{% if list contains "y" %}{% endif %}{% endfor %}',
  '{% for a in list %}{% if list == tags %}{% endif %}{% endfor %}',
  '{% for a in list %}{% if long contains needle %}{% endif %}{% endfor %}',
  '{% for a in list %}{{ list | sort | size }}{% endfor %}',
  '{% for a in list %}{{ list | has: "x", 1 }}{% endfor %}',
  '{% for a in list %}{{ list | find: "x", 1 }}{% endfor %}',
  '{% for a in list %}{{ list | sum }}{% endfor %}',
  '{% for a in list %}{{ list | where: "x", 1 | size }}{% endfor %}',
  '{% for a in list %}{{ list | map: "x" | size }}{% endfor %}',
  '{% for a in list %}{{ list | compact | size }}{% endfor %}',
  '{{ list | where: long, 1 | size }}',
  '{% for a in list %}{{ long | remove: needle | size }}{% endfor %}',
  '{{ long | split: needle | size }}{{ long | split: needle | size }}{{ long | remove: needle }}',
  '{% for a in list %}{{ now | date: "%c", "America/New_York" }}{% endfor %}',
  '{{ now | date: "%99999999d" }}',
  '{{ now | date: "%9999999999N" }}',
  '{{ long | split: "" | join: long }}',
  '{{ long | replace: "x", long }}',
  '{{ long | append: long | append: long | append: long | append: long | append: long | append: long }}',
  `{% assign s = name %}${many('{% assign s = s | append: s %}', 60)}{{ s }}`,
  `{% capture s %}xxxxxxxx{% endcapture %}${many('{% capture s %}{{ s }}{{ s }}{% endcapture %}', 60)}{{ s | size }}`,
  `{% assign s = list %}${many('{% assign s = s | concat: s %}', 40)}{{ s | size }}`,
  `{% assign s = list %}${many('{% assign s = s | push: s %}', 40)}{{ s | size }}`,
  many('{{ long }}', 2),
  '{% for a in tags %}{{ long }}{% endfor %}',
  '{{ data | json }}{{ data | json }}',
  'deep: {{ deep }}',
  '{{ deep }}',
  '{{ deep | json | size }}',
  '{% for a in (1..9) %}{% for b in (1..9999) %}{{ b }}{% endfor %}{% endfor %}',
];

/** Templates that look costly and are not: the texts that make a naive expression go back and forth. */
const cheap: [text: string, value: Json][] = [
  ['{{ opened | strip_html | size }}', 210_000],
  ['{{ blanks | squish | size }}', 0],
  ['{{ blanks | truncatewords: 3 | size }}', 0],
  ['{{ blanks | slugify }}', ''],
  ['{{ amps | escape_once | size }}', 1_000_000],
  ['{{ blanks | strip_newlines | size }}', 100_000],
  ['{{ long | date: "%Y" | size }}', 200_000],
  ['{{ blanks | date: "%Y" | size }}', 100_000],
  ['{{ long | size }}', 200_000],
  ['{% if long contains name %}y{% else %}n{% endif %}', 'n'],
];

describe('what nothing owns is missing', () => {
  test.each(unowned)('%s', (expression) => {
    expect(render(`{{ ${expression} }}`)).toEqual({ kind: 'missing', expression });
    expect(render(`<{{ ${expression} }}>`)).toEqual({ kind: 'value', value: '<>' });
    expect(render(`{% assign x = ${expression} %}{{ x | default: "none" }}`)).toEqual({ kind: 'value', value: 'none' });
  });

  test('neither filters nor loops reach it', () => {
    expect(render('{{ tags | map: "constructor" | compact | size }}')).toEqual({ kind: 'value', value: 0 });
    expect(render('{{ tags | where: "constructor" | size }}')).toEqual({ kind: 'value', value: 0 });
    expect(render('{{ tags | map: path | join }}')).toEqual({ kind: 'value', value: ' ' });
    expect(render('{% for t in tags %}{{ forloop.next }}{{ forloop.constructor }}{{ forloop.index }}{% endfor %}')).toEqual({
      kind: 'value',
      value: '12',
    });
  });
});

describe('what a template may not hold is refused when it is saved', () => {
  test.each(refused.map((text, index) => [`${text.slice(0, 60)} (${index})`, text]))('%s', (_name, text) => {
    const faults = checkTemplates({ text });

    expect(faults).toEqual([
      { path: ['text'], code: 'template_invalid', message: expect.stringMatching(/^Expected a valid template, but /) },
    ]);
    expect(faults[0]?.message.length).toBeLessThan(500);
  });
});

describe('what costs too much fails, and soon', () => {
  test.each(costly.map((text, index) => [`${text.slice(0, 70)} (${index})`, text]))('%s', (_name, text) => {
    expect(compileConfig({ text })(scope)).toEqual({
      kind: 'failed',
      code: 'template_failed',
      path: ['text'],
      message: expect.stringMatching(/^Expected .+, but /),
    });
  });
});

describe('what only looks costly is rendered', () => {
  test.each(cheap)('%s', (text, value) => {
    expect(render(text)).toEqual({ kind: 'value', value });
  });
});

describe('values are data', () => {
  test.each([
    '{{ name }}',
    '{{ secrets.api_key }}',
    '{% include "/etc/passwd" %}',
    '{% raw %}',
    '{% endraw %}{{ n }}',
    '{{',
    '}}',
    '{%',
    '%}',
    '{# #}',
    '<%= 1 %>',
    '#{n}',
  ])('%s', (evil) => {
    const answer = (text: string) => parseTemplate(text).render(aScope({ evil, list: [evil] }));

    for (const text of [
      '{{ evil }}',
      '{{ evil }}{{ gone }}',
      '{{ list | first }}',
      '{% assign x = evil %}{{ x }}',
      '{% for x in list %}{{ x }}{% endfor %}',
    ]) {
      expect(answer(text)).toEqual({ kind: 'value', value: evil });
    }
  });
});

test('no engine has a filter or a tag that reads files, draws lots or runs code', () => {
  for (const { filters, tags } of Object.values(engines)) {
    expect(Object.keys(filters).filter((name) => /_exp$|sample|shuffle|random|eval/.test(name))).toEqual([]);
    expect(Object.keys(tags).filter((name) => /include|render|layout|block|import/.test(name))).toEqual([]);
  }
});

test('this part of the family has at least 150 distinct inputs', () => {
  expect(new Set([...unowned, ...refused, ...costly, ...cheap.map(([text]) => text)]).size).toBeGreaterThanOrEqual(150);
});
