import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conditionContexts, conditionTrees } from '../../test/condition-arbitrary.ts';
import { anEvent, now } from '../../test/event-builder.ts';
import { createTriggerContext, type Verdict } from '../conditions/condition-context.ts';
import type { Conditions } from '../conditions/condition-tree.ts';
import { evaluate } from '../conditions/evaluate.ts';
import type { EventView } from '../event-view.ts';
import type { Json } from '../json.ts';
import { compileTrigger, matchTrigger, type Trigger, triggerConditions, triggerEventType } from './trigger.ts';
import { builtInEventTypes } from './trigger-config.ts';

const aTrigger = (overrides: Partial<Trigger> = {}): Trigger => ({
  id: 1,
  trigger_type: 'lead_created',
  trigger_config: {},
  conditions: null,
  ...overrides,
});

type Fields = Record<string, Json>;
const created = (data: Fields) => anEvent({ data });
const scored = (before: Json | undefined, after: Json | undefined, hasPrevious = true) =>
  anEvent({
    event_type: 'lead_scored',
    data: after === undefined ? {} : { lead_score: after },
    previous: hasPrevious ? (before === undefined ? {} : { lead_score: before }) : null,
  });
const taskCompleted = (data: Fields) => anEvent({ event_type: 'task_completed', data });
const workflowCompleted = (data: Fields) => anEvent({ event_type: 'workflow_completed', entity_type: 'instance', data });
const custom = (event_type: string) => anEvent({ event_type, data: {} });
const isUnknown = 'unknown' as const;

describe('configs', () => {
  const rows: [type: string, config: Fields, event: EventView, verdict: Verdict][] = [
    ['lead_created', {}, created({}), true],
    ['lead_created', { min_score: 0 }, created({ lead_score: 0 }), true],
    ['lead_created', { min_score: 50 }, created({ lead_score: 50 }), true],
    ['lead_created', { min_score: 50 }, created({ lead_score: 49.9 }), false],
    ['lead_created', { min_score: 0 }, created({}), false],
    ['lead_created', { min_score: 0 }, created({ lead_score: null }), false],
    ['lead_created', { min_score: 0 }, created({ lead_score: '80' }), isUnknown],
    ['lead_created', { max_score: 50 }, created({ lead_score: 50 }), true],
    ['lead_created', { max_score: 50 }, created({ lead_score: 51 }), false],
    ['lead_created', { max_score: 50 }, created({}), false],
    ['lead_created', { min_score: 10, max_score: 20 }, created({ lead_score: 15 }), true],
    ['lead_created', { min_score: 10, max_score: 20 }, created({ lead_score: 21 }), false],
    ['lead_created', { lead_status: 'new' }, created({ lead_status: 'NEW' }), true],
    ['lead_created', { lead_status: 'new' }, created({ lead_status: 'old' }), false],
    ['lead_created', { source: 'web' }, created({ source: 'Web' }), true],
    ['lead_created', { source: 'web' }, created({}), false],
    ['lead_created', { source: 'web', min_score: 5 }, created({ source: 'web', lead_score: 4 }), false],
    ['lead_created', {}, scored(1, 2), false],
    ['lead_scored', {}, scored(1, 2), true],
    ['lead_scored', { min_score: 80 }, scored(1, 80), true],
    ['lead_scored', { max_score: 80 }, scored(1, 81), false],
    ['lead_scored', { min_change: 10 }, scored(50, 60), true],
    ['lead_scored', { min_change: 10 }, scored(50, 40), true],
    ['lead_scored', { min_change: 10 }, scored(50, 59), false],
    ['lead_scored', { min_change: 0 }, scored(50, 50), true],
    ['lead_scored', { min_change: 10 }, scored(undefined, 60), false],
    ['lead_scored', { min_change: 10 }, scored(50, 60, false), isUnknown],
    ['lead_scored', { crossed_above: 80 }, scored(79, 80), true],
    ['lead_scored', { crossed_above: 80 }, scored(80, 90), false],
    ['lead_scored', { crossed_above: 80 }, scored(undefined, 90), false],
    ['lead_scored', { crossed_above: 80 }, scored(79, 80, false), isUnknown],
    ['lead_scored', { crossed_below: 20 }, scored(21, 20), true],
    ['lead_scored', { crossed_below: 20 }, scored(20, 10), false],
    ['lead_scored', { crossed_above: 80, min_score: 85 }, scored(79, 84), false],
    ['task_completed', {}, taskCompleted({}), true],
    ['task_completed', { task_type: 'call' }, taskCompleted({ task_type: 'Call' }), true],
    ['task_completed', { outcome: 'reached' }, taskCompleted({ outcome: 'missed' }), false],
    ['task_completed', { assigned_to_id: '7' }, taskCompleted({ assigned_to_id: '7' }), true],
    ['task_completed', { assigned_to_id: 7 }, taskCompleted({ assigned_to_id: '7' }), true],
    ['task_completed', { assigned_to_id: '7' }, taskCompleted({ assigned_to_id: '8' }), false],
    ['custom', { event_name: 'order.paid' }, custom('order.paid'), true],
    ['custom', { event_name: 'order.paid' }, custom('order.paid.twice'), false],
    ['custom', { event_name: 'order.paid' }, custom('Order.paid'), false],
    ['custom', { event_name: 'order.*' }, custom('order.paid'), true],
    ['custom', { event_name: 'order.*' }, custom('order.paid.late'), true],
    ['custom', { event_name: 'order.*' }, custom('order'), false],
    ['custom', { event_name: 'order.*' }, custom('orders.paid'), false],
    ['custom', { event_name: 'lead_created' }, custom('lead_scored'), false],
    ['custom', {}, custom('order.paid'), false],
    ['workflow_completed', {}, workflowCompleted({ workflow_id: 3, status: 'failed' }), true],
    ['workflow_completed', { workflow_id: 3 }, workflowCompleted({ workflow_id: 3, status: 'failed' }), true],
    ['workflow_completed', { workflow_id: 4 }, workflowCompleted({ workflow_id: 3, status: 'failed' }), false],
    ['workflow_completed', { status: 'completed' }, workflowCompleted({ workflow_id: 3, status: 'failed' }), false],
    ['deal_won', {}, custom('deal_won'), false],
    ['constructor', {}, custom('constructor'), false],
  ];

  test.each(
    rows.map((row, index) => [`${row[0]} ${JSON.stringify(row[1])} and ${row[2].event_type} is ${row[3]} (${index})`, row] as const),
  )('%s', (_name, [type, config, event, verdict]) => {
    const trigger = aTrigger({ trigger_type: type, trigger_config: config });

    expect(matchTrigger(trigger, event, now)).toBe(verdict);
    expect(compileTrigger(trigger).matches(event, now)).toBe(verdict);
  });
});

describe('config and conditions together', () => {
  const leaf: Conditions = { field: 'source', operator: 'equals', value: 'web' };

  test.each<[string, Conditions | null, number]>([
    ['no conditions', null, 1],
    ['a list', [leaf, leaf], 3],
    ['a tree of all', { all: [leaf, leaf] }, 3],
    ['a tree of any', { any: [leaf, leaf] }, 2],
    ['one leaf', leaf, 2],
  ])('%s', (_name, conditions, length) => {
    expect(triggerConditions(aTrigger({ trigger_config: { min_score: 5 }, conditions }))).toEqual({ all: expect.any(Array) });
    expect((triggerConditions(aTrigger({ trigger_config: { min_score: 5 }, conditions })) as { all: unknown[] }).all).toHaveLength(length);
  });

  test('must both hold', () => {
    const trigger = aTrigger({ trigger_config: { min_score: 50 }, conditions: { any: [leaf] } });

    expect(matchTrigger(trigger, created({ lead_score: 60, source: 'web' }), now)).toBe(true);
    expect(matchTrigger(trigger, created({ lead_score: 60, source: 'fair' }), now)).toBe(false);
    expect(matchTrigger(trigger, created({ lead_score: 40, source: 'web' }), now)).toBe(false);
    expect(matchTrigger(trigger, created({ lead_score: 60, source: 5 }), now)).toBe(isUnknown);
  });

  test('conditions are not asked of an event of another type', () => {
    const trigger = aTrigger({ conditions: [{ field: 'source', operator: 'equals', value: 'web' }] });

    expect(matchTrigger(trigger, anEvent({ event_type: 'lead_scored', data: { source: 5 } }), now)).toBe(false);
  });

  test('a condition on time reads the given now', () => {
    const trigger = aTrigger({ conditions: [{ field: 'event.occurred_at', operator: 'within_last', value: 'PT1M' }] });

    expect(matchTrigger(trigger, anEvent(), now + 60_000)).toBe(true);
    expect(matchTrigger(trigger, anEvent(), now + 60_001)).toBe(false);
  });
});

describe('the event type', () => {
  test.each<[string, Fields, ReturnType<typeof triggerEventType>]>([
    ['lead_created', {}, { kind: 'exact', eventType: 'lead_created' }],
    ['workflow_completed', { workflow_id: 1 }, { kind: 'exact', eventType: 'workflow_completed' }],
    ['custom', { event_name: 'order.paid' }, { kind: 'exact', eventType: 'order.paid' }],
    ['custom', { event_name: 'order.*' }, { kind: 'prefix', prefix: 'order.' }],
    ['custom', { event_name: '' }, { kind: 'none' }],
    ['custom', { event_name: 5 }, { kind: 'none' }],
    ['deal_won', {}, { kind: 'none' }],
  ])('of %s %j', (trigger_type, trigger_config, expected) => {
    expect(triggerEventType({ trigger_type, trigger_config })).toEqual(expected);
  });

  test.each(builtInEventTypes)('a prefix never stands for the built-in %s', (type) => {
    const listening = (event_name: string) => aTrigger({ trigger_type: 'custom', trigger_config: { event_name } });

    expect(matchTrigger(listening('.*'), anEvent({ event_type: type }), now)).toBe(false);
    expect(matchTrigger(listening(`${type}.*`), anEvent({ event_type: type }), now)).toBe(false);
    expect(matchTrigger(listening(`${type}.*`), anEvent({ event_type: `${type}.again` }), now)).toBe(true);
  });
});

test('a trigger gives the verdict of its conditions', () => {
  const configs = fc.constantFrom<Fields>({}, { source: 'a' }, { lead_status: 'A', source: 'é' });

  fc.assert(
    fc.property(configs, conditionTrees, conditionContexts, (trigger_config, conditions, { data, previous }) => {
      const trigger = aTrigger({ trigger_config, conditions });
      const event = anEvent({ data, previous });

      expect(matchTrigger(trigger, event, now)).toBe(evaluate(triggerConditions(trigger), createTriggerContext(event, now)));
    }),
    { numRuns: 1_000 },
  );
});
