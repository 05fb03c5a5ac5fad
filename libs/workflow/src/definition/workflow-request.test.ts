import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { checkWorkflow, type WorkflowRequest } from './workflow-request.ts';

/** The body of the original specification, word for word. */
const seedBody = `{
  "name": "Lead Scoring Workflow",
  "description": "Auto-score leads based on engagement",
  "enabled": true,
  "triggers": [
    {
      "trigger_type": "lead_created",
      "trigger_config": "{\\"min_score\\": 0}"
    }
  ],
  "actions": [
    {
      "action_type": "create_task",
      "action_config": "{\\"title\\": \\"Follow up\\", \\"assigned_to_id\\": 1}",
      "order": 0,
      "delay_seconds": 300
    }
  ]
}`;

function accepted(input: unknown): WorkflowRequest {
  const checked = checkWorkflow(input);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.value;
}

/** What is wrong with a body, as `path code`. */
function faultsOf(input: unknown): string[] {
  const checked = checkWorkflow(input);
  if (checked.ok) return [];
  for (const { message } of checked.errors) expect(message).toMatch(/^Expected .+, but /);
  return checked.errors.map(({ path, code }) => `${path} ${code}`);
}

const aBody = (overrides: JsonObject = {}): JsonObject => ({ name: 'Welcome', ...overrides });
const tag = { action_type: 'add_tag', action_config: { tag: 'hot' } };

describe('the seed', () => {
  test('its workflow is accepted, configs in JSON texts become objects', () => {
    expect(accepted(JSON.parse(seedBody))).toEqual({
      name: 'Lead Scoring Workflow',
      description: 'Auto-score leads based on engagement',
      enabled: true,
      on_disable: 'finish',
      re_entry: 'always',
      cooldown_seconds: null,
      triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: 0 }, conditions: null }],
      actions: [
        {
          name: 'create_task_0',
          action_type: 'create_task',
          action_config: { title: 'Follow up', assigned_to_id: 1 },
          arms: [],
          order: 0,
          delay_seconds: 300,
          conditions: null,
          retry_policy: null,
          timeout_seconds: null,
          on_error: 'fail',
          at_most_once: false,
        },
      ],
    });
  });

  test.each(['create_task', 'send_notification', 'update_lead', 'add_tag', 'send_sms', 'send_email'])(
    'its action type %s is known',
    (action_type) => {
      expect(faultsOf(aBody({ actions: [{ action_type }] }))).not.toContain('actions[0].action_type unknown_action_type');
    },
  );

  test.each(['equals', 'greater_than', 'less_than', 'contains'])('its operator %s is known', (operator) => {
    const conditions = [{ field: 'lead_score', operator, value: 5 }];

    expect(faultsOf(aBody({ triggers: [{ trigger_type: 'lead_created', conditions }] }))).toEqual([]);
  });
});

describe('defaults', () => {
  test('a name is enough', () => {
    expect(accepted({ name: ' Welcome ' })).toEqual({
      name: 'Welcome',
      description: null,
      enabled: true,
      on_disable: 'finish',
      re_entry: 'always',
      cooldown_seconds: null,
      triggers: [],
      actions: [],
    });
  });

  test('names and orders are given to the actions that lack them; they leave by order', () => {
    const actions = [{ ...tag, order: 5 }, tag, { ...tag, order: 1, name: 'first' }, tag];

    expect(accepted(aBody({ actions })).actions.map(({ name, order }) => [order, name])).toEqual([
      [1, 'first'],
      [5, 'add_tag_5'],
      [6, 'add_tag_6'],
      [7, 'add_tag_7'],
    ]);
  });

  test('ids are kept', () => {
    const body = aBody({ triggers: [{ id: 3, trigger_type: 'lead_created' }], actions: [{ ...tag, id: 4 }] });

    expect(accepted(body)).toMatchObject({ triggers: [{ id: 3 }], actions: [{ id: 4 }] });
  });

  test('a retry policy keeps what it says', () => {
    const actions = [{ ...tag, retry_policy: { max_attempts: 3, jitter: true } }];

    expect(accepted(aBody({ actions })).actions[0]?.retry_policy).toEqual({ max_attempts: 3, jitter: 'full' });
  });
});

describe('faults', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, [' required']],
    ['null', null, [' invalid_type']],
    ['a list', [], [' invalid_type']],
    ['a text', '{"name": "x"}', [' invalid_type']],
    ['no name', {}, ['name required']],
    ['a blank name', aBody({ name: '  ' }), ['name too_small']],
    ['a long name', aBody({ name: 'x'.repeat(256) }), ['name too_big']],
    ['a name of another type', aBody({ name: 0 }), ['name invalid_type']],
    ['enabled as a text', aBody({ enabled: 'true' }), ['enabled invalid_type']],
    ['another re_entry', aBody({ re_entry: 'never' }), ['re_entry invalid_value']],
    ['another on_disable', aBody({ on_disable: 'kill' }), ['on_disable invalid_value']],
    ['a cooldown below zero', aBody({ cooldown_seconds: -1 }), ['cooldown_seconds too_small']],
    ['unknown keys', aBody({ tenant_id: 'x', version: 1 }), ['tenant_id unknown_key', 'version unknown_key']],
    ['triggers that are no list', aBody({ triggers: {} }), ['triggers invalid_type']],
    ['21 triggers', aBody({ triggers: Array(21).fill({ trigger_type: 'lead_created' }) }), ['triggers too_big']],
    ['a trigger that is no object', aBody({ triggers: [5] }), ['triggers[0] invalid_type']],
    ['101 actions', aBody({ actions: Array(101).fill(tag) }), ['actions too_big']],
    ['an action of null', aBody({ actions: [null] }), ['actions[0] invalid_type']],
    ['another action type', aBody({ actions: [{ action_type: 'send_fax' }] }), ['actions[0].action_type unknown_action_type']],
    ['a type that every object has', aBody({ actions: [{ action_type: 'constructor' }] }), ['actions[0].action_type unknown_action_type']],
    [
      'a type that looks like a text',
      aBody({ actions: [{ action_type: { toString: 'add_tag' } }] }),
      ['actions[0].action_type invalid_type'],
    ],
    [
      'half of a character',
      aBody({ actions: [{ ...tag, action_config: '{"tag": "\\ud83d"}' }] }),
      ['actions[0].action_config invalid_text'],
    ],
    ['a config that is no JSON', aBody({ actions: [{ ...tag, action_config: '{' }] }), ['actions[0].action_config invalid_config']],
    ['a config of null', aBody({ actions: [{ ...tag, action_config: null }] }), ['actions[0].action_config invalid_config']],
    ['a delay of eleven years', aBody({ actions: [{ ...tag, delay_seconds: 315_360_001 }] }), ['actions[0].delay_seconds too_big']],
    ['a delay below zero', aBody({ actions: [{ ...tag, delay_seconds: -1 }] }), ['actions[0].delay_seconds too_small']],
    ['a delay as a text', aBody({ actions: [{ ...tag, delay_seconds: '5' }] }), ['actions[0].delay_seconds invalid_type']],
    ['a timeout over 20', aBody({ actions: [{ ...tag, timeout_seconds: 21 }] }), ['actions[0].timeout_seconds too_big']],
    ['another on_error', aBody({ actions: [{ ...tag, on_error: 'ignore' }] }), ['actions[0].on_error invalid_value']],
    [
      'a retry policy of 0 attempts',
      aBody({ actions: [{ ...tag, retry_policy: { max_attempts: 0 } }] }),
      ['actions[0].retry_policy.max_attempts too_small'],
    ],
    [
      'a repeated order',
      aBody({
        actions: [
          { ...tag, order: 1 },
          { ...tag, order: 1 },
        ],
      }),
      ['actions[1].order duplicate', 'actions[1].name duplicate'],
    ],
    [
      'a repeated name',
      aBody({
        actions: [
          { ...tag, name: 'x' },
          { ...tag, name: 'x' },
        ],
      }),
      ['actions[1].name duplicate'],
    ],
    ['a default name that is taken', aBody({ actions: [{ ...tag, name: 'add_tag_1' }, tag] }), ['actions[1].name duplicate']],
    ['a name with a dot', aBody({ actions: [{ ...tag, name: 'a.b' }] }), ['actions[0].name invalid_format']],
    [
      'a condition in a trigger about an instance',
      aBody({ triggers: [{ trigger_type: 'lead_created', conditions: [{ field: 'variables.x', operator: 'exists' }] }] }),
      ['triggers[0].conditions[0].field unknown_field'],
    ],
  ])('%s', (_name, body, faults) => {
    expect(faultsOf(body)).toEqual(faults);
  });

  test('all faults of a body come in one answer, each with its path', () => {
    const body = {
      name: '',
      enabled: 1,
      more: true,
      triggers: [
        {
          trigger_type: 'lead_scored',
          trigger_config: { min_change: -1, nonsense: 1 },
          conditions: { all: [{ field: 'x', operator: 'between', value: [2, 1] }] },
        },
        { trigger_type: 'deal_won' },
      ],
      actions: [
        { action_type: 'send_email', action_config: { to: 'ada', subject: '{{ name' }, conditions: [{ field: 'x' }], delay_seconds: -1 },
        { action_type: 'create_task', action_config: '{"title": ""}', retry_policy: { tries: 3 } },
      ],
    };

    expect(faultsOf(body).sort()).toEqual(
      [
        'name too_small',
        'enabled invalid_type',
        'more unknown_key',
        'triggers[0].trigger_config.min_change too_small',
        'triggers[0].trigger_config.nonsense unknown_key',
        'triggers[0].conditions.all[0].value invalid_operand',
        'triggers[1].trigger_type unknown_trigger_type',
        'actions[0].delay_seconds too_small',
        'actions[0].action_config.to invalid_address',
        'actions[0].action_config.text required',
        'actions[0].action_config.subject template_invalid',
        'actions[0].conditions[0].operator unknown_operator',
        'actions[1].action_config.title too_small',
        'actions[1].retry_policy.tries unknown_key',
      ].sort(),
    );
  });

  test('any body is answered, and what is accepted may be posted again', () => {
    const words = fc.constantFrom(
      'name',
      'triggers',
      'actions',
      'trigger_type',
      'lead_created',
      'action_type',
      'add_tag',
      'tag',
      'action_config',
      '{{ x }}',
      '__proto__',
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        words,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(words, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;

    fc.assert(
      fc.property(json, (input) => {
        expect(() => faultsOf(input)).not.toThrow();
      }),
      { numRuns: 500 },
    );
    const { actions, ...rest } = accepted(JSON.parse(seedBody));
    const again = actions.map(({ arms: _, ...action }) => action);
    expect(accepted({ ...rest, actions: again })).toEqual(accepted(JSON.parse(seedBody)));
  });
});

describe('actions in arms', () => {
  const aBranch = (actions: unknown[], elseActions?: unknown[]) => ({
    action_type: 'branch',
    action_config: {
      branches: [{ name: 'hot', conditions: [{ field: 'x', operator: 'exists' }], actions }],
      ...(elseActions === undefined ? {} : { else_actions: elseActions }),
    },
  });
  const nested = (levels: number): unknown => (levels === 0 ? tag : aBranch([nested(levels - 1)]));

  test('leave the config and get names of their own', () => {
    const [action] = accepted({ ...aBody(), actions: [aBranch([tag, { ...tag, name: 'mine' }], [tag])] }).actions;

    expect(action?.action_config).toEqual({ branches: [{ name: 'hot', conditions: [{ field: 'x', operator: 'exists' }] }] });
    expect(action?.arms.map(({ name, actions }) => [name, actions.map((each) => each.name)])).toEqual([
      ['hot', ['branch_0_hot_add_tag_0', 'mine']],
      ['else', ['branch_0_else_add_tag_0']],
    ]);
  });

  test.each<[string, unknown, string[]]>([
    [
      'a fault in an arm',
      aBranch([{ action_type: 'add_tag' }]),
      ['actions[0].action_config.branches[0].actions[0].action_config.tag required'],
    ],
    ['an arm that is no list', aBranch({} as never), ['actions[0].action_config.branches[0].actions invalid_type']],
    ['a fault in else', aBranch([], [{ ...tag, delay_seconds: -1 }]), ['actions[0].action_config.else_actions[0].delay_seconds too_small']],
    [
      'a repeated order in an arm',
      aBranch([
        { ...tag, order: 1 },
        { ...tag, order: 1 },
      ]),
      ['actions[0].action_config.branches[0].actions[1].order duplicate'],
    ],
    ['a name that is taken outside', aBranch([{ ...tag, name: 'branch_0' }]), ['actions[0].name duplicate']],
    [
      'nesting nine deep',
      nested(9),
      [`actions[0]${'.action_config.branches[0].actions[0]'.repeat(8)}.action_config.branches[0].actions too_deep`],
    ],
    ['101 actions together', aBranch(Array(100).fill(tag)), ['actions too_big']],
  ])('%s', (_name, action, faults) => {
    expect(faultsOf({ ...aBody(), actions: [action] })).toEqual(faults);
  });

  test('nesting eight deep is allowed', () => {
    expect(faultsOf(aBody({ actions: [nested(8) as never] }))).toEqual([]);
  });

  test('a body with thousands of levels is refused like any other', () => {
    const deep = JSON.parse(`${'{"fields":'.repeat(20_000)}1${'}'.repeat(20_000)}`);

    expect(faultsOf(aBody({ actions: [{ action_type: 'update_lead', action_config: deep }] }))).toEqual([
      'actions[0].action_config too_deep',
    ]);
    expect(faultsOf(aBody({ actions: [nested(500) as never] }))).toEqual(['actions[0].action_config too_deep']);
  });
});
