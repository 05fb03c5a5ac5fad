import { describe, expect, test } from 'vitest';
import { aScope } from '../../test/scope-builder.ts';
import type { JsonObject } from '../json.ts';
import { checkTemplates, compileConfig } from './config-template.ts';
import { limits } from './limits.ts';

const data = { name: 'Ada', score: 80, tags: ['hot'], owner: null, html: '<b>' };
const render = (config: JsonObject) => compileConfig(config)(aScope(data));

test('a config is rendered in place: every text at any depth, keys and other values as they are', () => {
  const config = {
    title: 'Hello {{ name }}',
    score: '{{ score }}',
    nested: { list: ['{{ tags }}', 'plain', 5, { deep: '{{ name }}', flag: true, nothing: null }] },
    '{{ name }}': 'a key is no template',
  };

  expect(render(config)).toEqual({
    kind: 'rendered',
    missing: [],
    value: {
      title: 'Hello Ada',
      score: 80,
      nested: { list: [['hot'], 'plain', 5, { deep: 'Ada', flag: true, nothing: null }] },
      '{{ name }}': 'a key is no template',
    },
  });
});

test('a config without templates is answered as the same object', () => {
  const config = { title: 'Hello', list: [1, '{', { a: null }] };

  expect(render(config)).toEqual({ kind: 'rendered', value: config, missing: [] });
  expect((render(config) as { value: unknown }).value).toBe(config);
});

test('what is missing is absent from the value and listed with its place and expression', () => {
  expect(
    render({ to: '{{ email }}', cc: ['a@x.test', '{{ boss.email }}', '{{ name }}'], text: 'Hi {{ gone }}', owner: '{{ owner }}' }),
  ).toEqual({
    kind: 'rendered',
    value: { cc: ['a@x.test', 'Ada'], text: 'Hi ', owner: null },
    missing: [
      { path: ['to'], expression: 'email' },
      { path: ['cc', 1], expression: 'boss.email' },
    ],
  });
});

test('a render that fails names its place', () => {
  expect(render({ list: ['{{ name }}', '{% for i in (1..9000000) %}x{% endfor %}'] })).toEqual({
    kind: 'failed',
    code: 'template_failed',
    path: ['list', 1],
    message: expect.stringContaining('memory alloc limit exceeded'),
  });
});

test('every template that is wrong has its fault and path', () => {
  const config = { a: '{{ name', b: ['{{ name }}', { c: '{{ x | nonsense }}' }], d: '{% include "x" %}', e: 'fine' };

  expect(checkTemplates(config)).toEqual([
    { path: ['a'], code: 'template_invalid', message: expect.stringMatching(/^Expected a valid template, but .*not closed/) },
    { path: ['b', 1, 'c'], code: 'template_invalid', message: expect.stringContaining('undefined filter: nonsense') },
    { path: ['d'], code: 'template_invalid', message: expect.stringContaining('tag "include" not found') },
  ]);
  expect(() => compileConfig(config)).toThrow();
});

describe('escaping goes by the key', () => {
  test('html at any depth, url at the top', () => {
    const config = {
      html: '<p>{{ html }}</p>',
      text: '{{ html }}!',
      parts: [{ html: '{{ html }}' }],
      url: 'https://x.test/{{ html }}',
      link: { url: '/{{ html }}' },
    };

    expect(render(config)).toMatchObject({
      value: {
        html: '<p>&lt;b&gt;</p>',
        text: '<b>!',
        parts: [{ html: '&lt;b&gt;' }],
        url: 'https://x.test/%3Cb%3E',
        link: { url: '/<b>' },
      },
    });
  });
});

describe('the templates of a config share their limits', () => {
  test('of output', () => {
    const text = 'x'.repeat(limits.outputLength / 2 - 10);
    const config = { a: '{{ text }}!', b: '{% if true %}{{ text }}{% endif %}' };
    const compiled = (extra: JsonObject) => compileConfig({ ...config, ...extra })(aScope({ text }));

    expect(compiled({})).toMatchObject({ kind: 'rendered' });
    expect(compiled({ c: '{{ "more than twenty characters" }}' })).toMatchObject({ kind: 'failed', path: ['c'] });
  });

  test('of lone values too', () => {
    const big = { list: Array(30_000).fill('x') };
    const config = { a: '{{ big }}', b: '{{ big }}', c: '{{ big }}' };

    expect(compileConfig(config)(aScope({ big }))).toMatchObject({ kind: 'failed', path: ['c'] });
  });

  test('of steps', () => {
    const config = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, '{% for i in (1..4000) %}{% endfor %}']));

    expect(render(config)).toMatchObject({ kind: 'failed', path: ['k4'], message: expect.stringContaining('too many steps') });
  });

  test('and every render begins with all of them', () => {
    const compiled = compileConfig({ a: '{% for i in (1..9000) %}{{ i }}{% endfor %}' });

    for (let time = 0; time < 3; time += 1) expect(compiled(aScope(data))).toMatchObject({ kind: 'rendered' });
  });
});
