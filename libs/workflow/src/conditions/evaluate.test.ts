import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conditionContexts, conditionTrees } from '../../test/condition-arbitrary.ts';
import { aboutX, ask } from '../../test/condition-question.ts';
import { anEvent, now } from '../../test/event-builder.ts';
import type { Json } from '../json.ts';
import { createTriggerContext, type Verdict } from './condition-context.ts';
import { type Conditions, type ConditionTree, checkConditions } from './condition-tree.ts';
import { compileConditions, evaluate, explain } from './evaluate.ts';

const isTrue = aboutX('equals', 1);
const isFalse = aboutX('equals', 2);
const isUnknown = aboutX('equals', 'one');
const data = { x: 1 };
const leafOf = { true: isTrue, false: isFalse, unknown: isUnknown } as const;

describe('verdicts are put together as in SQL', () => {
  const names = ['true', 'false', 'unknown'] as const;
  const verdictOf = (name: (typeof names)[number]): Verdict => (name === 'unknown' ? name : name === 'true');
  const pairs = names.flatMap((a) => names.map((b) => [a, b] as const));

  test.each(pairs)('all of %s and %s', (a, b) => {
    const expected = a === 'false' || b === 'false' ? false : a === 'unknown' || b === 'unknown' ? 'unknown' : true;
    expect(ask({ all: [leafOf[a], leafOf[b]] }, data)).toBe(expected);
    expect(ask([leafOf[a], leafOf[b]], data)).toBe(expected);
  });

  test.each(pairs)('any of %s and %s', (a, b) => {
    const expected = a === 'true' || b === 'true' ? true : a === 'unknown' || b === 'unknown' ? 'unknown' : false;
    expect(ask({ any: [leafOf[a], leafOf[b]] }, data)).toBe(expected);
  });

  test.each(names)('not of %s', (a) => {
    const verdict = verdictOf(a);
    expect(ask({ not: leafOf[a] }, data)).toBe(verdict === 'unknown' ? verdict : !verdict);
    expect(ask({ all: [leafOf[a]] }, data)).toBe(verdict);
    expect(ask({ any: [leafOf[a]] }, data)).toBe(verdict);
  });

  test('all of nothing is true, any of nothing is false, no conditions are true', () => {
    expect(ask({ all: [] }, data)).toBe(true);
    expect(ask([], data)).toBe(true);
    expect(ask({ any: [] }, data)).toBe(false);
    expect(evaluate(null, createTriggerContext(anEvent(), now))).toBe(true);
    expect(evaluate(undefined, createTriggerContext(anEvent(), now))).toBe(true);
  });
});

describe('where a field is read', () => {
  const event = anEvent({ data: { x: 'data', event: 'data' }, previous: { x: 'before' }, source: 'import', entity_id: '7' });
  const context = {
    ...createTriggerContext(event, now),
    variables: { x: 'variable' },
    actions: { ask: { output: { answers: ['yes'] } } },
    instance: { x: 'instance' },
  };

  test.each([
    ['x', 'data'],
    ['data.x', 'data'],
    ['event', 'data'],
    ['previous.x', 'before'],
    ['event.source', 'import'],
    ['event.entity_id', '7'],
    ['event.occurred_at', new Date(now).toISOString()],
    ['variables.x', 'variable'],
    ['instance.x', 'instance'],
    ['actions.ask.output.answers.0', 'yes'],
  ])('%s', (field, seen) => {
    expect(explain({ field, operator: 'exists' }, context)).toEqual([
      { path: [], field, operator: 'exists', value: null, seen, verdict: true },
    ]);
  });

  test.each(['constructor', 'toString', '__proto__', 'x.length', 'event.constructor', 'actions.constructor.name', 'actions.ask.toString'])(
    '%s is missing, since no value owns it',
    (field) => {
      expect(evaluate({ field, operator: 'not_exists' }, context)).toBe(true);
    },
  );
});

test('now is the one that the caller gives', () => {
  const asked = (nowMs: number) =>
    evaluate({ field: 'event.occurred_at', operator: 'within_last', value: 'PT1H' }, createTriggerContext(anEvent(), nowMs));

  expect([asked(now), asked(now + 3_600_000), asked(now + 3_600_001), asked(now - 1)]).toEqual([true, true, false, false]);
});

test('a compiled tree keeps nothing of one event for the next', () => {
  const compiled = compileConditions([aboutX('matches', '^a'), aboutX('contains', 'b')]);
  const of = (x: Json) => compiled(createTriggerContext(anEvent({ data: { x } }), now));

  expect([of('ab'), of('b'), of(5), of('AB'), of('ab')]).toEqual([true, false, 'unknown', true, true]);
});

describe('what this version cannot read is unknown', () => {
  test.each<[string, unknown]>([
    ['an operator of a later version', aboutX('sounds_like', 'Ada')],
    ['a combinator of a later version', { none: [isTrue] }],
    ['a value that the operator does not take', aboutX('greater_than', '5')],
    ['a pattern that does not compile', aboutX('matches', '(')],
    ['an operator that every object has', aboutX('constructor', 1)],
  ])('%s', (_name, leaf) => {
    expect(ask(leaf as Conditions, data)).toBe('unknown');
    expect(ask({ any: [leaf as ConditionTree, isTrue] }, data)).toBe(true);
    expect(explain(leaf as Conditions, createTriggerContext(anEvent({ data }), now))).toMatchObject([{ verdict: 'unknown' }]);
  });
});

describe('explain', () => {
  test('shows every leaf with its place, the value seen and its verdict, also behind a decided one', () => {
    const tree = { any: [isTrue, { not: { all: [isFalse, isUnknown] } }, { field: 'gone', operator: 'exists' as const }] };

    expect(explain(tree, createTriggerContext(anEvent({ data }), now))).toEqual([
      { path: ['any', 0], field: 'x', operator: 'equals', value: 1, seen: 1, verdict: true },
      { path: ['any', 1, 'not', 'all', 0], field: 'x', operator: 'equals', value: 2, seen: 1, verdict: false },
      { path: ['any', 1, 'not', 'all', 1], field: 'x', operator: 'equals', value: 'one', seen: 1, verdict: 'unknown' },
      { path: ['any', 2], field: 'gone', operator: 'exists', value: null, seen: null, verdict: false },
    ]);
  });

  test('of a plain list begins paths with the index', () => {
    const leaves = explain([isTrue, { not: isFalse }], createTriggerContext(anEvent({ data }), now));

    expect(leaves.map(({ path }) => path)).toEqual([[0], [1, 'not']]);
  });

  test('of no conditions is empty', () => {
    expect(explain(null, createTriggerContext(anEvent(), now))).toEqual([]);
  });
});

/** The verdict of a tree from those of its leaves, by the truth tables alone. */
function combined(tree: ConditionTree, next: () => Verdict): Verdict {
  if ('not' in tree) {
    const verdict = combined(tree.not, next);
    return verdict === 'unknown' ? verdict : !verdict;
  }
  if (!('all' in tree) && !('any' in tree)) return next();
  const verdicts = ('all' in tree ? tree.all : tree.any).map((child) => combined(child, next));
  const deciding = !('all' in tree);
  if (verdicts.includes(deciding)) return deciding;
  return verdicts.includes('unknown') ? 'unknown' : !deciding;
}

describe('for any tree and any context', () => {
  test('a generated tree is one that may be saved', () => {
    fc.assert(
      fc.property(conditionTrees, (tree) => {
        expect(checkConditions(tree, 'instance')).toEqual({ tree, faults: [] });
      }),
    );
  });

  test('the verdict is true, false or unknown, and the one that its explanation adds up to', () => {
    fc.assert(
      fc.property(conditionTrees, conditionContexts, (tree, context) => {
        const leaves = explain(tree, context);
        const verdict = evaluate(tree, context);

        expect([true, false, 'unknown']).toContain(verdict);
        expect(combined(tree, () => leaves.shift()?.verdict ?? 'unknown')).toBe(verdict);
        expect(leaves).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('what is said about an event depends neither on the order of the conditions nor on a repetition', () => {
    fc.assert(
      fc.property(fc.array(conditionTrees, { maxLength: 4 }), conditionContexts, (trees, context) => {
        expect(evaluate({ all: trees.toReversed() }, context)).toBe(evaluate({ all: trees }, context));
        expect(evaluate({ any: [...trees, ...trees] }, context)).toBe(evaluate({ any: trees }, context));
        expect(evaluate({ not: { not: { all: trees } } }, context)).toBe(evaluate({ all: trees }, context));
        expect(evaluate({ not: { any: trees } }, context)).toBe(evaluate({ all: trees.map((tree) => ({ not: tree })) }, context));
      }),
    );
  });

  test('nothing is thrown, not even for trees that were never checked', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), conditionContexts, (json, context) => {
        const conditions = {
          all: [
            { field: 'a', operator: json, value: json },
            { field: json, operator: 'equals', value: 1 },
          ],
        };
        expect([true, false, 'unknown']).toContain(evaluate(conditions as Conditions, context));
      }),
      { examples: [[{ toString: null }, createTriggerContext(anEvent({ data }), now)]] },
    );
  });

  test('the context is left as it was', () => {
    fc.assert(
      fc.property(conditionTrees, conditionContexts, (tree, context) => {
        const before = structuredClone(context);
        evaluate(tree, context);
        expect(context).toEqual(before);
      }),
    );
  });
});
