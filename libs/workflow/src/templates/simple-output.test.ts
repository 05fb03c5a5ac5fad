import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anEvent } from '../../test/event-builder.ts';
import { aScope } from '../../test/scope-builder.ts';
import type { Json } from '../json.ts';
import type { Escape } from './engine.ts';
import { encodeUrlPart, escapeHtml } from './simple-output.ts';
import { parseTemplate, type TemplateResult } from './template.ts';

const names = [
  'a',
  'b',
  'tags',
  'lead',
  'data',
  'event',
  'previous',
  'now',
  'size',
  'first',
  'last',
  'length',
  'constructor',
  '__proto__',
  'toString',
];
const paths = fc
  .array(fc.constantFrom(...names, 'empty', 'nil', 'true', 'contains', 'x_1'), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('.'));
const defaults = fc.constantFrom('', ' | default: "there"', " | default: 'there' ", ' | default: ""', '|default:"<&>"');
const texts = fc.constantFrom('', 'x', '<a href="b">\'&</a>', '{{ a }}', 'ü \ud800', '/../?#');
const jsons: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(texts, fc.constantFrom(0, 1.5, -1), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('json'), { maxKeys: 4 }),
  ),
})).json;
const records = fc.dictionary(fc.constantFrom(...names), jsons) as fc.Arbitrary<Record<string, Json>>;

/** What a render answers, failures included. */
function outcomeOf(text: string, escaping: Escape, data: Record<string, Json>, previous: Record<string, Json> | null) {
  const scope = aScope(data, { event: anEvent({ data, previous }) });
  try {
    const result: TemplateResult = parseTemplate(text, { escaping }).render(scope);
    return result.kind === 'missing' ? 'missing' : result;
  } catch (error) {
    return (error as Error).message.replace(/, line:.*/, '');
  }
}

describe('reading a path without liquid answers what liquid answers', () => {
  test('as a lone expression', () => {
    fc.assert(
      fc.property(paths, defaults, records, fc.option(records), (path, fallback, data, previous) => {
        const liquid = outcomeOf(`{{ ${path}${fallback} | raw }}`, 'none', data, previous);

        expect(outcomeOf(`{{ ${path}${fallback} }}`, 'none', data, previous)).toEqual(liquid);
      }),
      { numRuns: 2_000 },
    );
  });

  test('in running text, escaped or not', () => {
    fc.assert(
      fc.property(paths, defaults, fc.constantFrom<Escape>('none', 'html', 'url'), records, (path, fallback, escaping, data) => {
        const liquid = outcomeOf(`<{% if true %}{{ ${path}${fallback} }}{% endif %}>`, escaping, data, null);

        expect(outcomeOf(`<{{ ${path}${fallback} }}>`, escaping, data, null)).toEqual(liquid);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('escaped text has no character that HTML or a URL would read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeHtml(text)).not.toMatch(/[<>"']/);
      expect(encodeUrlPart(text)).toMatch(/^(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/);
    }),
  );
});
