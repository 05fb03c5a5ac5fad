import { describe, expect, test } from 'vitest';
import { checkTrigger } from '../definition/workflow-request.ts';
import { check } from '../fault.ts';
import { builtInEventTypes, eventNameSchema, triggerTypes } from './trigger-config.ts';

const faultsOf = (trigger_type: unknown, trigger_config: unknown): string[] => {
  const checked = checkTrigger({ trigger_type, trigger_config });
  return checked.ok ? [] : checked.errors.map(({ path, code }) => `${path} ${code}`);
};
const configOf = (trigger_type: string, trigger_config: unknown): unknown => {
  const checked = checkTrigger({ trigger_type, trigger_config });
  return checked.ok ? checked.value.trigger_config : checked.errors;
};

describe('configs that are saved', () => {
  test.each<[string, unknown, unknown]>([
    ['lead_created', {}, {}],
    ['lead_created', '{"min_score": 0}', { min_score: 0 }],
    [
      'lead_created',
      { min_score: -5, max_score: 5.5, lead_status: ' new ', source: 'web' },
      { min_score: -5, max_score: 5.5, lead_status: 'new', source: 'web' },
    ],
    ['lead_created', { min_score: 5, max_score: 5 }, { min_score: 5, max_score: 5 }],
    [
      'lead_scored',
      { min_score: 1, max_score: 2, min_change: 0, crossed_above: 80, crossed_below: 20 },
      { min_score: 1, max_score: 2, min_change: 0, crossed_above: 80, crossed_below: 20 },
    ],
    [
      'task_completed',
      { task_type: 'call', outcome: 'reached', assigned_to_id: 7 },
      { task_type: 'call', outcome: 'reached', assigned_to_id: '7' },
    ],
    ['custom', { event_name: 'order.paid' }, { event_name: 'order.paid' }],
    ['custom', { event_name: 'order.*' }, { event_name: 'order.*' }],
    ['workflow_completed', {}, {}],
    ['workflow_completed', { workflow_id: 3, status: 'failed' }, { workflow_id: 3, status: 'failed' }],
  ])('%s %j', (type, config, expected) => {
    expect(configOf(type, config)).toEqual(expected);
  });

  test('without a config it is empty', () => {
    expect(checkTrigger({ trigger_type: 'lead_created' })).toEqual({
      ok: true,
      value: { trigger_type: 'lead_created', trigger_config: {}, conditions: null },
    });
  });
});

describe('configs that are refused, by the name of the key', () => {
  test.each<[string, unknown, string[]]>([
    ['lead_created', { min_scor: 5 }, ['trigger_config.min_scor unknown_key']],
    ['lead_created', { a: 1, b: 2 }, ['trigger_config.a unknown_key', 'trigger_config.b unknown_key']],
    ['lead_created', { min_score: '5' }, ['trigger_config.min_score invalid_type']],
    ['lead_created', { min_score: null }, ['trigger_config.min_score invalid_type']],
    ['lead_created', { min_score: 6, max_score: 5 }, ['trigger_config.max_score reversed_range']],
    ['lead_created', { lead_status: '' }, ['trigger_config.lead_status too_small']],
    ['lead_created', { source: 'x'.repeat(256) }, ['trigger_config.source too_big']],
    ['lead_created', { crossed_above: 5 }, ['trigger_config.crossed_above unknown_key']],
    ['lead_scored', { min_change: -1 }, ['trigger_config.min_change too_small']],
    ['lead_scored', { crossed_above: 'high' }, ['trigger_config.crossed_above invalid_type']],
    ['lead_scored', { source: 'web' }, ['trigger_config.source unknown_key']],
    ['task_completed', { assigned_to_id: '' }, ['trigger_config.assigned_to_id too_small']],
    ['task_completed', { assigned_to_id: 1.5 }, ['trigger_config.assigned_to_id invalid_type']],
    ['custom', {}, ['trigger_config.event_name required']],
    ['custom', { event_name: '*' }, ['trigger_config.event_name invalid_format']],
    ['custom', { event_name: '.*' }, ['trigger_config.event_name invalid_format']],
    ['custom', { event_name: 'order*' }, ['trigger_config.event_name invalid_format']],
    ['custom', { event_name: 'a.*.b' }, ['trigger_config.event_name invalid_format']],
    ['custom', { event_name: 'two words' }, ['trigger_config.event_name invalid_format']],
    ['custom', { event_name: 'x'.repeat(129) }, ['trigger_config.event_name too_big']],
    ['workflow_completed', { workflow_id: 0 }, ['trigger_config.workflow_id too_small']],
    ['workflow_completed', { workflow_id: '3' }, ['trigger_config.workflow_id invalid_type']],
    ['workflow_completed', { status: 'running' }, ['trigger_config.status invalid_value']],
    ['lead_created', [], ['trigger_config invalid_config']],
    ['lead_created', null, ['trigger_config invalid_config']],
    ['lead_created', 5, ['trigger_config invalid_config']],
    ['lead_created', 'min_score = 5', ['trigger_config invalid_config']],
    ['lead_created', '[]', ['trigger_config invalid_config']],
    ['lead_created', '"{}"', ['trigger_config invalid_config']],
    ['lead_created', '', ['trigger_config invalid_config']],
    ['deal_won', {}, ['trigger_type unknown_trigger_type']],
    ['constructor', {}, ['trigger_type unknown_trigger_type']],
  ])('%s %j', (type, config, faults) => {
    expect(faultsOf(type, config)).toEqual(faults);
  });

  test('a trigger without a type', () => {
    expect(faultsOf(undefined, {})).toEqual(['trigger_type required']);
    expect(faultsOf(5, {})).toEqual(['trigger_type invalid_type']);
  });

  test.each(builtInEventTypes)('%s is no custom event', (event_name) => {
    expect(faultsOf('custom', { event_name })).toEqual(['trigger_config.event_name invalid_value']);
    expect(check(eventNameSchema, event_name).ok).toBe(false);
  });

  test.each([...triggerTypes])('%s takes no key of the prototype', (type) => {
    expect(faultsOf(type, JSON.parse('{"__proto__": {"min_score": 5}, "event_name": "a"}'))).toContain(
      'trigger_config.__proto__ unknown_key',
    );
  });
});
