import type { EventView, WorkflowDefinition } from '@millrace/messages';
import { type Conditions, type Json, matchTrigger, type Trigger } from '@millrace/workflow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aDefinition, aLeadCreated, now } from '../../test/definitions.ts';
import { createTriggerIndex } from './trigger-index.ts';

// Few values of each kind: what is generated must often meet.
const text = fc.constantFrom('new', 'NEW', 'won', 'lost', 'é', 'É');
const number = fc.constantFrom(-1, -0, 0, 10, 20, 20.5, 30);
const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean());
const value: fc.Arbitrary<Json> = fc.oneof({ weight: 8, arbitrary: scalar }, fc.constantFrom<Json>(null, [], ['new'], { a: 1 }));
const fields = ['lead_status', 'lead_score', 'source', 'custom.plan', 'custom.seats', 'tags.0', 'previous.lead_score', 'event.source'];
const field = fc.constantFrom(...fields);

const leaf = fc.oneof(
  fc.record({
    field,
    operator: fc.constantFrom('equals', 'not_equals', 'changed_from'),
    value: scalar,
    case_sensitive: fc.boolean(),
  }),
  fc.record({ field, operator: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { maxLength: 4 }), case_sensitive: fc.boolean() }),
  fc.record({
    field,
    operator: fc.constantFrom('greater_than', 'greater_than_or_equal', 'less_than', 'less_than_or_equal', 'crossed_above', 'crossed_below'),
    value: number,
  }),
  fc.record({ field, operator: fc.constant('between'), value: fc.tuple(number, number).map((pair) => pair.sort((a, b) => a - b)) }),
  fc.record({ field: fc.constantFrom('lead_status', 'custom.plan'), operator: fc.constant('changed_to'), value: scalar }),
  fc.record({ field, operator: fc.constantFrom('exists', 'changed', 'increased', 'is_empty') }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
}));
const conditions = fc.option(fc.oneof(fc.array(tree, { maxLength: 3 }), tree)) as fc.Arbitrary<Conditions | null>;

const optional = { requiredKeys: [] };
const trigger = fc.oneof(
  fc.record({
    type: fc.constant('lead_created'),
    config: fc.record({ min_score: number, max_score: number, lead_status: text, source: text }, optional),
    conditions,
  }),
  fc.record({
    type: fc.constant('lead_scored'),
    config: fc.record({ min_score: number, min_change: number, crossed_above: number, crossed_below: number }, optional),
    conditions,
  }),
  fc.record({
    type: fc.constant('custom'),
    config: fc.record({ event_name: fc.constantFrom('order.paid', 'order.*', 'order.paid.*', 'order') }),
    conditions,
  }),
);

const definition = fc
  .record({
    workflow_id: fc.integer({ min: 1, max: 60 }),
    version: fc.integer({ min: 1, max: 3 }),
    enabled: fc.constantFrom(true, true, true, false),
    deleted: fc.constantFrom(false, false, false, false, true),
    triggers: fc.array(trigger, { maxLength: 3 }),
  })
  .map(({ triggers, ...rest }) => aDefinition({ ...rest, triggers: triggers as { config: Record<string, Json> }[] }));

const record = fc.record(
  {
    lead_status: value,
    lead_score: value,
    source: value,
    tags: fc.array(scalar, { maxLength: 2 }) as fc.Arbitrary<Json>,
    custom: fc.record({ plan: value, seats: value }, optional) as fc.Arbitrary<Json>,
  },
  optional,
);
const event = fc
  .record({
    event_type: fc.constantFrom('lead_created', 'lead_scored', 'order', 'order.paid', 'order.paid.twice', 'order.*'),
    source: text,
    data: record,
    previous: fc.option(record),
  })
  .map((overrides) => aLeadCreated(overrides as Partial<EventView>));

interface Outcome {
  matched: [number, number][];
  unknown: [number, number][];
}

/** Asks every trigger of every workflow in its newest version. */
function interpret(definitions: readonly WorkflowDefinition[], event: EventView): Outcome {
  const newest = new Map<number, WorkflowDefinition>();
  for (const each of definitions) if (each.version >= (newest.get(each.workflow_id)?.version ?? 0)) newest.set(each.workflow_id, each);
  const outcome: Outcome = { matched: [], unknown: [] };
  for (const { workflow_id, enabled, deleted, triggers } of newest.values()) {
    if (!enabled || deleted) continue;
    const verdicts = triggers.map((each) => matchTrigger(parse(each), event, now));
    const first = verdicts.indexOf(true);
    if (first >= 0) outcome.matched.push([workflow_id, triggers[first]?.trigger_id ?? 0]);
    for (const [at, verdict] of verdicts.entries())
      if (verdict === 'unknown') outcome.unknown.push([workflow_id, triggers[at]?.trigger_id ?? 0]);
  }
  return { matched: sorted(outcome.matched), unknown: sorted(outcome.unknown) };
}

function parse({ trigger_id, trigger_type, trigger_config, conditions }: WorkflowDefinition['triggers'][number]): Trigger {
  return {
    id: trigger_id,
    trigger_type,
    trigger_config: JSON.parse(trigger_config),
    conditions: conditions === null ? null : JSON.parse(conditions),
  };
}

const sorted = (pairs: [number, number][]) => pairs.sort(([a, b], [c, d]) => a - c || b - d);

test('the index gives what asking every trigger of every workflow gives', () => {
  let met = 0;
  fc.assert(
    fc.property(
      fc.array(definition, { maxLength: 100, size: 'max' }),
      fc.array(event, { minLength: 5, maxLength: 20 }),
      (definitions, events) => {
        const index = createTriggerIndex();
        const half = definitions.length >> 1;
        for (const [from, to] of [
          [0, half],
          [half, definitions.length],
        ] as const) {
          for (const each of definitions.slice(from, to)) index.apply(each);
          for (const each of events) {
            const { matched, unknown } = index.match('acme', each, now);
            const ids = (triggers: typeof matched) =>
              triggers.map(({ workflowId, triggerId }): [number, number] => [workflowId, triggerId]);
            const expected = interpret(definitions.slice(0, to), each);
            expect({ matched: sorted(ids(matched)), unknown: sorted(ids(unknown)) }).toEqual(expected);
            met += expected.matched.length;
          }
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(met).toBeGreaterThan(2_000);
});
