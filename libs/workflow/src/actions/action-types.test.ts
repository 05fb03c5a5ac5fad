import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { faultsOf } from '../../test/action-question.ts';
import { anEvent } from '../../test/event-builder.ts';
import { aScope } from '../../test/scope-builder.ts';
import { checkAction } from '../definition/workflow-request.ts';
import { actionTypeNames, actionTypes, findActionType } from './action-types.ts';

/** The table of action types in the product's description. */
const table = [
  'send_email',
  'send_sms',
  'send_notification',
  'create_task',
  'update_lead',
  'add_tag',
  'remove_tag',
  'http_request',
  'emit_event',
  'start_workflow',
  'branch',
  'split',
  'delay',
  'wait_for_event',
  'set_variable',
  'exit',
];

test('every action type of the product is there', () => {
  expect([...actionTypeNames].sort()).toEqual([...table].sort());
});

test('a name that every object has is no action type', () => {
  expect(findActionType('constructor')).toBeUndefined();
  expect(findActionType('__proto__')).toBeUndefined();
});

describe.each(actionTypeNames)('%s', (type) => {
  const definition = actionTypes[type];

  test('goes by its own name', () => {
    expect(definition.type).toBe(type);
  });

  test('documents every key of its config, and no other', () => {
    const keys = Object.keys((z.toJSONSchema(definition.savedSchema, { unrepresentable: 'any', io: 'input' }).properties ?? {}) as object);
    const armKeys = definition.arms(definition.documentation.example).flatMap(({ path }) => (path.length === 1 ? [String(path[0])] : []));

    expect(Object.keys(definition.documentation.fields).sort()).toEqual([...new Set([...keys, ...armKeys])].sort());
  });

  test('has an example that may be saved', () => {
    expect(checkAction({ action_type: type, action_config: definition.documentation.example })).toMatchObject({ ok: true });
  });

  test('refuses keys that it does not know, by name', () => {
    expect(faultsOf(type, { nonsense: 1 })).toContain('nonsense unknown_key');
  });

  test('compiles once and answers alike every time', () => {
    const config = definition.documentation.example;
    const whole = checkAction({ action_type: type, action_config: config });
    if (!whole.ok) throw new Error(JSON.stringify(whole.errors));
    const compiled = definition.compile(whole.value.action_config);
    const event = anEvent({
      data: { first_name: 'Ada', email: 'a@x.com', phone: '+4930123456', owner_id: 'u-1', lead_score: 5, lead_id: 'l-1' },
    });
    const scope = aScope(event.data, { event });

    expect(compiled(scope, event)).toMatchObject({ kind: 'ready' });
    expect(compiled(scope, event)).toEqual(compiled(scope, event));
  });
});
