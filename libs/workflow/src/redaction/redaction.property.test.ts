import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject, type Json } from '../json.ts';
import { mask } from './mask.ts';
import { compileRedaction, type RedactableEntry } from './redaction.ts';

const canary = 'canary-4711';
const field = 'secret_field';
const redaction = compileRedaction({ fields: [field, `lead.${field}_too`], actions: false });

/** JSON in which the field comes up anywhere, holding anything, with the canary in its texts. */
const hidden = fc.jsonValue({ maxDepth: 2 }).map((value): Json => withCanary(value as Json));
const trees = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 6 }), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    fc.record({ [field]: hidden, other: tie('tree') }),
  ),
})).tree;

function withCanary(value: Json): Json {
  if (Array.isArray(value)) return value.map(withCanary);
  if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withCanary(child)]));
  return value === null ? null : canary;
}

const entries = fc.array(
  fc.oneof(
    trees.map((data): RedactableEntry => ({ type: 'instance_started', detail: { event: { event_id: 'e', data, previous: null } } })),
    fc
      .tuple(fc.constantFrom('create_task', 'http_request', 'update_lead', 'unknown_type'), trees, trees)
      .map(([action_type, input, output]): RedactableEntry => ({ type: 'action_completed', action_type, detail: { input, output } })),
  ),
  { maxLength: 4 },
);
const redact = (journal: readonly RedactableEntry[]) => journal.map(redaction.forInstance());

test('no hidden value is left anywhere, and nothing is thrown', () => {
  fc.assert(
    fc.property(entries, (journal) => {
      expect(JSON.stringify(redact(journal))).not.toContain(canary);
    }),
    { numRuns: 500 },
  );
});

test('what a template made of a hidden value is hidden, and of the rest nothing is changed', () => {
  const made = {
    type: 'action_completed',
    action_type: 'create_task',
    detail: { input: { title: `Call ${canary}`, priority: 'high' }, output: null },
  };
  fc.assert(
    fc.property(trees, (tree) => {
      const start = { type: 'instance_started', detail: { event: { data: { [field]: canary, tree }, previous: null } } };
      expect(redact([start, made])[1]).toEqual({ ...made, detail: { input: { title: mask, priority: 'high' }, output: null } });
    }),
  );
});

test('entries keep their shape: keys, lists and what they say of themselves', () => {
  const shapeOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shapeOf);
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shapeOf(child)]));
    return value === null ? null : 'value';
  };
  fc.assert(
    fc.property(entries, (journal) => {
      expect(shapeOf(redact(journal))).toEqual(shapeOf(journal));
    }),
  );
});

test('redacting again, or a longer journal, gives the same', () => {
  fc.assert(
    fc.property(entries, entries, (journal, more) => {
      const once = redact(journal);
      expect(redact(journal)).toEqual(once);
      expect(redact([...journal, ...more]).slice(0, journal.length)).toEqual(once);
    }),
  );
});
