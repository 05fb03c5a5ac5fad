import { type ActionType, actionTypes } from '../src/actions/action-types.ts';
import type { ActionDefinition, ActionInput } from '../src/actions/define-action.ts';
import type { EventView } from '../src/event-view.ts';
import { formatPath } from '../src/fault.ts';
import type { JsonObject } from '../src/json.ts';
import { anEvent } from './event-builder.ts';
import { aScope } from './scope-builder.ts';

/** What is wrong with a config when it is saved, as `path code`. Throws for a message that doesn't say what was expected and what was there. */
export function faultsOf(type: ActionType, config: JsonObject): string[] {
  return actionTypes[type].checkConfig(config).map(({ path, code, message }) => {
    if (!/^Expected .+, but .+/.test(message)) throw new Error(`Expected a message of the usual form, but got ${message}`);
    return `${formatPath(path)} ${code}`;
  });
}

/** What the effect of an action receives, or why it isn't done. */
export function inputOf(type: ActionType, config: JsonObject, event: EventView = anEvent()): ActionInput<unknown> {
  const definition: ActionDefinition<unknown> = actionTypes[type];
  return definition.compile(config)(aScope(event.data, { event }), event);
}

/** The input alone; throws what stands in its way. */
export function readyInput(type: ActionType, config: JsonObject, event?: EventView): unknown {
  const input = inputOf(type, config, event);
  if (input.kind === 'ready') return input.input;
  throw new Error(`Expected an input, but got ${JSON.stringify(input)}`);
}
