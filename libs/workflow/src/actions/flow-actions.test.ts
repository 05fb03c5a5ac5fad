import { describe, expect, test } from 'vitest';
import { faultsOf, inputOf, readyInput } from '../../test/action-question.ts';
import { anEvent, now } from '../../test/event-builder.ts';
import type { JsonObject } from '../json.ts';
import type { ActionType } from './action-types.ts';
import { type DelayInput, endOfDelay } from './delay.ts';
import { armAt } from './split.ts';

const leaf = { field: 'lead_score', operator: 'greater_than', value: 50 };
const aBranch = (name: string) => ({ name, conditions: [leaf] });

describe('configs that are saved', () => {
  test.each<[ActionType, JsonObject]>([
    ['branch', { branches: [aBranch('hot'), { name: 'cold', conditions: { not: leaf } }] }],
    ['branch', { branches: [{ name: 'b', conditions: { field: 'actions.ask.output.answer', operator: 'exists' } }] }],
    [
      'split',
      {
        arms: [
          { name: 'a', weight: 1 },
          { name: 'b', weight: 0.5 },
        ],
      },
    ],
    [
      'split',
      {
        arms: [
          { name: 'a', weight: 0 },
          { name: 'b', weight: 1 },
        ],
      },
    ],
    ['delay', { seconds: 0 }],
    ['delay', { seconds: '{{ custom.wait }}' }],
    ['delay', { until: '{{ lead.custom.renewal }}', offset: '-P7D', on_past: 'skip' }],
    ['delay', { time: '09:30', timezone: 'Europe/Berlin', weekdays: ['mon', 'fri'] }],
    ['delay', { window: { from: '22:00', to: '06:00' } }],
    ['wait_for_event', { event_name: 'task_completed', timeout: 'P3D' }],
    ['wait_for_event', { event_name: 'order.paid', timeout: 60, conditions: [leaf], on_timeout: 'fail' }],
    ['wait_for_event', { event_name: 'x', timeout: 'P366D', conditions: null }],
    ['set_variable', { name: 'total', value: '{{ lead_score | times: 2 }}' }],
    ['set_variable', { name: '_x1', value: { any: ['json', 1, null] } }],
    ['exit', {}],
    ['exit', { status: 'failed', reason: 'No {{ reason }}' }],
    ['emit_event', { event_name: 'lead.qualified' }],
    ['emit_event', { event_name: 'lead.{{ lead_status }}', data: { score: '{{ lead_score }}' } }],
    ['start_workflow', { workflow_id: 2 }],
    ['start_workflow', { workflow_id: 2, additional_data: { lead_score: '{{ lead_score }}' } }],
  ])('%s %j', (type, config) => {
    expect(faultsOf(type, config)).toEqual([]);
  });
});

describe('configs that are refused', () => {
  test.each<[ActionType, JsonObject, string[]]>([
    ['branch', {}, ['branches required']],
    ['branch', { branches: [] }, ['branches too_small']],
    ['branch', { branches: [{}] }, ['branches[0].name required', 'branches[0].conditions required']],
    ['branch', { branches: [{ name: 'a.b', conditions: [] }] }, ['branches[0].name invalid_format']],
    ['branch', { branches: [aBranch('else')] }, ['branches[0].name invalid_value']],
    ['branch', { branches: [aBranch('a'), aBranch('a')] }, ['branches[1].name duplicate']],
    [
      'branch',
      { branches: [{ name: 'a', conditions: [{ field: 'x', operator: 'eq' }] }] },
      ['branches[0].conditions[0].operator unknown_operator'],
    ],
    ['branch', { branches: [{ name: '{{ x }}', conditions: [] }] }, ['branches[0].name invalid_format']],
    ['branch', { branches: Array.from({ length: 21 }, (_, index) => aBranch(`b${index}`)) }, ['branches too_big']],
    ['split', {}, ['arms required']],
    ['split', { arms: [{ name: 'a', weight: 1 }] }, ['arms too_small']],
    [
      'split',
      {
        arms: [
          { name: 'a', weight: 1 },
          { name: 'a', weight: 1 },
        ],
      },
      ['arms[1].name duplicate'],
    ],
    [
      'split',
      {
        arms: [
          { name: 'a', weight: 0 },
          { name: 'b', weight: 0 },
        ],
      },
      ['arms no_weight'],
    ],
    [
      'split',
      {
        arms: [
          { name: 'a', weight: -1 },
          { name: 'b', weight: '{{ x }}' },
        ],
      },
      ['arms[0].weight too_small', 'arms[1].weight invalid_type'],
    ],
    ['delay', {}, [' one_form']],
    ['delay', { seconds: 5, time: '09:30' }, [' one_form']],
    ['delay', { seconds: -1 }, ['seconds too_small']],
    ['delay', { seconds: 315_360_001 }, ['seconds too_big']],
    ['delay', { seconds: 1.5 }, ['seconds invalid_type']],
    ['delay', { until: 'tomorrow' }, ['until invalid_date']],
    ['delay', { seconds: 5, offset: 'P1D' }, ['offset one_form']],
    ['delay', { until: '2026-01-01', offset: '1 day' }, ['offset invalid_value']],
    ['delay', { time: '9:30' }, ['time invalid_format']],
    ['delay', { time: '24:00' }, ['time invalid_format']],
    ['delay', { time: '{{ lead.time }}' }, ['time invalid_format']],
    ['delay', { window: { from: '09:00', to: '09:00' } }, ['window invalid_value']],
    ['delay', { time: '09:00', weekdays: ['monday'] }, ['weekdays[0] invalid_value']],
    ['delay', { time: '09:00', weekdays: [] }, ['weekdays too_small']],
    ['delay', { time: '09:00', timezone: 'local' }, ['timezone invalid_timezone']],
    ['delay', { time: '09:00', timezone: '{{ lead.zone }}' }, ['timezone invalid_timezone']],
    ['delay', { seconds: 5, on_past: 'run' }, ['on_past invalid_value']],
    ['wait_for_event', {}, ['event_name required', 'timeout required']],
    ['wait_for_event', { event_name: 'order.*', timeout: 60 }, ['event_name invalid_format']],
    ['wait_for_event', { event_name: '{{ name }}', timeout: 60 }, ['event_name invalid_format']],
    ['wait_for_event', { event_name: 'a', timeout: 'P367D' }, ['timeout too_big']],
    [
      'wait_for_event',
      { event_name: 'a', timeout: 60, conditions: [{ field: '', operator: 'exists' }] },
      ['conditions[0].field invalid_field'],
    ],
    ['set_variable', { value: 1 }, ['name required']],
    ['set_variable', { name: 'a-b', value: 1 }, ['name invalid_format']],
    ['set_variable', { name: 'a' }, ['value required']],
    ['exit', { status: 'done' }, ['status invalid_value']],
    ['emit_event', {}, ['event_name required']],
    ['emit_event', { event_name: 'lead_created' }, ['event_name invalid_value']],
    ['emit_event', { event_name: 'two words' }, ['event_name invalid_format']],
    ['emit_event', { event_name: 'a', data: [] }, ['data invalid_type']],
    ['start_workflow', {}, ['workflow_id required']],
    ['start_workflow', { workflow_id: 0 }, ['workflow_id too_small']],
    ['start_workflow', { workflow_id: '2' }, ['workflow_id invalid_type']],
  ])('%s %j', (type, config, faults) => {
    expect(faultsOf(type, config)).toEqual(faults);
  });
});

describe('what the engine receives', () => {
  test('conditions of a branch are not rendered', () => {
    const branches = [{ name: 'a', conditions: [{ field: 'x', operator: 'equals', value: '{{ lead_score }}' }] }];

    expect(readyInput('branch', { branches })).toEqual({ branches });
  });

  test.each<[ActionType, JsonObject, unknown]>([
    ['set_variable', { name: 'total', value: '{{ lead_score | plus: 1 }}' }, { name: 'total', value: 81 }],
    [
      'set_variable',
      { name: 'list', value: ['{{ tags }}', '{{ lead_score }} points'] },
      { name: 'list', value: [['hot', 'vip'], '80 points'] },
    ],
    ['exit', {}, { status: 'completed' }],
    ['exit', { status: 'cancelled', reason: 'of\n{{ first_name }}' }, { status: 'cancelled', reason: 'of Ada' }],
    ['emit_event', { event_name: 'a' }, { event_name: 'a', data: {} }],
    ['emit_event', { event_name: 'lead.{{ first_name }}', data: { s: '{{ lead_score }}' } }, { event_name: 'lead.Ada', data: { s: 80 } }],
    ['start_workflow', { workflow_id: 2 }, { workflow_id: 2, additional_data: {} }],
    ['delay', { seconds: '{{ lead_score }}' }, { seconds: 80, timezone: 'UTC', on_past: 'run_now' }],
    ['wait_for_event', { event_name: 'a', timeout: 60 }, { event_name: 'a', timeout: 'PT60S', on_timeout: 'continue' }],
  ])('%s %j', (type, config, expected) => {
    expect(readyInput(type, config)).toEqual(expected);
  });

  test.each<[ActionType, JsonObject, string]>([
    ['set_variable', { name: 'a', value: '{{ gone }}' }, 'template_missing'],
    ['emit_event', { event_name: '{{ first_name }} !' }, 'invalid_input'],
    ['emit_event', { event_name: '{{ "lead_created" }}' }, 'invalid_input'],
    ['delay', { until: '{{ gone }}' }, 'template_missing'],
    ['delay', { until: '{{ first_name }}' }, 'invalid_input'],
    ['delay', { seconds: '{{ first_name }}' }, 'invalid_input'],
  ])('%s %j fails', (type, config, code) => {
    expect(inputOf(type, config)).toMatchObject({ kind: 'failed', code });
  });
});

describe('when a delay ends', () => {
  /** `now` is a Tuesday, 10:00 in UTC and 11:00 in Berlin. */
  const end = (config: JsonObject, data: JsonObject = {}): string =>
    new Date(endOfDelay(readyInput('delay', config, anEvent({ data })) as DelayInput, now)).toISOString().replace(':00.000Z', 'Z');

  test.each<[JsonObject, string]>([
    [{ seconds: 0 }, '2026-11-24T10:00Z'],
    [{ seconds: 86_400 }, '2026-11-25T10:00Z'],
    [{ until: '2026-12-24T18:00:00+01:00' }, '2026-12-24T17:00Z'],
    [{ until: '2026-12-24', offset: 'P1D' }, '2026-12-25T00:00Z'],
    [{ until: '2026-12-24', offset: '-PT2H' }, '2026-12-23T22:00Z'],
    [{ until: '2020-01-01' }, '2020-01-01T00:00Z'],
    [{ time: '10:30' }, '2026-11-24T10:30Z'],
    [{ time: '10:00' }, '2026-11-25T10:00Z'],
    [{ time: '09:30' }, '2026-11-25T09:30Z'],
    [{ time: '11:30', timezone: 'Europe/Berlin' }, '2026-11-24T10:30Z'],
    [{ time: '09:00', weekdays: ['mon'] }, '2026-11-30T09:00Z'],
    [{ time: '09:00', weekdays: ['tue'] }, '2026-12-01T09:00Z'],
    [{ window: { from: '09:00', to: '17:00' } }, '2026-11-24T10:00Z'],
    [{ window: { from: '09:00', to: '10:00' } }, '2026-11-25T09:00Z'],
    [{ window: { from: '10:00', to: '11:00' } }, '2026-11-24T10:00Z'],
    [{ window: { from: '12:00', to: '13:00' } }, '2026-11-24T12:00Z'],
    [{ window: { from: '22:00', to: '11:00' } }, '2026-11-24T10:00Z'],
    [{ window: { from: '22:00', to: '06:00' } }, '2026-11-24T22:00Z'],
    [{ window: { from: '09:00', to: '17:00' }, weekdays: ['sat', 'sun'] }, '2026-11-28T09:00Z'],
    [{ window: { from: '22:00', to: '11:00' }, weekdays: ['mon'] }, '2026-11-24T10:00Z'],
    [{ window: { from: '22:00', to: '11:00' }, weekdays: ['tue'] }, '2026-11-24T22:00Z'],
    [{ window: { from: '11:00', to: '12:00' }, timezone: 'Europe/Berlin' }, '2026-11-24T10:00Z'],
  ])('%j', (config, expected) => {
    expect(end(config)).toBe(expected);
  });

  test('a local time in a gap is the gap’s end, one that exists twice the first', () => {
    const berlin = { time: '02:30', timezone: 'Europe/Berlin' };
    const endAfter = (instant: string) =>
      new Date(endOfDelay(readyInput('delay', berlin) as DelayInput, Date.parse(instant))).toISOString();

    expect(endAfter('2026-03-29T00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(endAfter('2026-10-24T12:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  test('a date field decides, whatever its form', () => {
    expect(end({ until: '{{ renewal }}', offset: '-P7D' }, { renewal: '2027-01-01' })).toBe('2026-12-25T00:00Z');
  });
});

describe('the arm of a split', () => {
  const arms = [
    { name: 'none', weight: 0 },
    { name: 'a', weight: 3 },
    { name: 'b', weight: 1 },
  ];

  test.each([
    [0, 'a'],
    [0.74, 'a'],
    [0.75, 'b'],
    [0.999_999_999, 'b'],
    [1, 'b'],
  ])('at %f is %s', (point, expected) => {
    expect(armAt(arms, point)).toBe(expected);
  });

  test('is taken in proportion to its weight', () => {
    const points = Array.from({ length: 1_000 }, (_, index) => armAt(arms, index / 1_000));

    expect([points.filter((name) => name === 'a').length, points.filter((name) => name === 'b').length]).toEqual([750, 250]);
  });
});
