import fc from 'fast-check';
import type { ConditionContext } from '../src/conditions/condition-context.ts';
import type { ConditionLeaf, ConditionTree } from '../src/conditions/condition-tree.ts';
import { type OperatorName, operatorNames, operators } from '../src/conditions/operators.ts';
import type { Json } from '../src/json.ts';
import { anEvent, now } from './event-builder.ts';

const fields = ['a', 'b', 'tags.0', 'data.a', 'previous.b', 'event.source', 'event.occurred_at', 'variables.v', 'actions.x.output'];
const dataFields = ['a', 'b', 'tags.0', 'data.a'];
const texts = fc.constantFrom('', 'a', 'A', 'ab', 'é', 'e\u0301', '5', '2026-11-24', '2026-11-24T09:00:00Z', '__proto__', 'constructor');
const numbers = fc.constantFrom(-1, 0, 1, 5, 5.5, 80);
const scalars = fc.oneof(texts, numbers, fc.boolean());

const operands: Record<string, fc.Arbitrary<Json | undefined>> = {
  none: fc.constant(undefined),
  scalar: scalars,
  searched: scalars,
  number: numbers,
  range: fc.tuple(numbers, numbers).map((pair) => pair.toSorted((x, y) => x - y)),
  scalars: fc.array(scalars, { maxLength: 3 }),
  text: texts,
  pattern: fc.constantFrom('', 'a', '^a+$', '\\d', '[ab]|é'),
  moment: fc.constantFrom('2026-11-24', '2026-11-24T10:00:00+01:00'),
  duration: fc.constantFrom('PT1H', 'P1M', 'P0D'),
};

const leaves: fc.Arbitrary<ConditionLeaf> = fc.constantFrom<OperatorName>(...operatorNames).chain((operator) => {
  const { kind, operand } = operators[operator];
  return fc
    .record({
      field: fc.constantFrom(...(kind === 'change' ? dataFields : fields)),
      value: operands[operand] as fc.Arbitrary<Json | undefined>,
      caseSensitive: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ field, value, caseSensitive }) => ({
      field,
      operator,
      ...(value === undefined ? {} : { value }),
      ...(caseSensitive === undefined ? {} : { case_sensitive: caseSensitive }),
    }));
});

/** Trees that a definition may hold, with every operator. */
export const conditionTrees: fc.Arbitrary<ConditionTree> = fc.letrec<{ tree: ConditionTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaves,
    fc.record({ not: tie('tree') }),
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
})).tree;

const jsons = fc.oneof({ weight: 3, arbitrary: scalars }, fc.constant(null), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<Json>;
const records = fc.dictionary(fc.constantFrom('a', 'b', 'tags', 'v', 'x', 'c'), jsons);

/** Whatever an event and an instance may hold, prototypes' names among the keys included. */
export const conditionContexts: fc.Arbitrary<ConditionContext> = fc
  .record({ data: records, previous: fc.option(records), actions: records, variables: records, instance: records })
  .map(({ data, previous, ...rest }) => ({ data, previous, event: anEvent({ data, previous }), ...rest, nowMs: now }));
