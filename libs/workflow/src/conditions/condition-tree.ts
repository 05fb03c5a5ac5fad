import type { LocalFault } from '../fault.ts';
import { describeValue, isJsonObject, type Json } from '../json.ts';
import { type FieldRoot, parseFieldPath } from './field-path.ts';
import { faultOfOperand } from './operand.ts';
import { isOperatorName, type Operator, type OperatorName, operatorNames, operators } from './operators.ts';

export interface ConditionLeaf {
  field: string;
  operator: OperatorName;
  value?: Json;
  case_sensitive?: boolean;
}

/** One combinator or one leaf a node. `all: []` is true, `any: []` is false. */
export type ConditionTree = { all: ConditionTree[] } | { any: ConditionTree[] } | { not: ConditionTree } | ConditionLeaf;

/** What a definition may hold: a tree, or a plain list, which means `all`. */
export type Conditions = ConditionTree | ConditionTree[];

/** Triggers read the event alone; branches and actions also what the instance holds. */
export type ConditionPlace = 'trigger' | 'instance';

const limits = { depth: 16, leaves: 200 };
const eventFields = new Set(['event_id', 'event_type', 'entity_type', 'entity_id', 'occurred_at', 'source', 'bulk_id', 'causation']);
const instanceRoots = new Set<FieldRoot>(['actions', 'variables', 'instance']);

export type CheckedConditions = { tree: ConditionTree | null; faults: LocalFault[] };

/** Checks a definition's conditions. A plain list becomes `all`; null and nothing become null; every fault has its path. */
export function checkConditions(input: unknown, place: ConditionPlace): CheckedConditions {
  if (input === undefined || input === null) return { tree: null, faults: [] };
  const state: CheckState = { faults: [], leaves: 0, place };
  const tree = Array.isArray(input) ? { all: checkList(input, [], 1, state) } : checkNode(input, [], 1, state);
  if (state.leaves > limits.leaves) {
    state.faults.push({
      path: [],
      code: 'too_many_conditions',
      message: `Expected at most ${limits.leaves} conditions, but got ${state.leaves}`,
    });
  }
  return { tree: state.faults.length === 0 ? tree : null, faults: state.faults };
}

interface CheckState {
  faults: LocalFault[];
  leaves: number;
  place: ConditionPlace;
}

type Path = readonly (string | number)[];

const nothing: ConditionTree = { all: [] };

function checkList(input: unknown, path: Path, depth: number, state: CheckState): ConditionTree[] {
  if (!Array.isArray(input)) {
    state.faults.push({ path, code: 'invalid_type', message: `Expected a list of conditions, but got ${describeValue(input)}` });
    return [];
  }
  return input.map((item, index) => checkNode(item, [...path, index], depth + 1, state));
}

function checkNode(input: unknown, path: Path, depth: number, state: CheckState): ConditionTree {
  const fault = (code: string, message: string): ConditionTree => {
    state.faults.push({ path, code, message });
    return nothing;
  };
  if (depth > limits.depth) return fault('too_deep', `Expected conditions at most ${limits.depth} deep, but they go deeper`);
  if (!isJsonObject(input)) return fault('invalid_type', `Expected a condition, but got ${describeValue(input)}`);
  const combinators = ['all', 'any', 'not'].filter((name) => Object.hasOwn(input, name));
  if (combinators.length === 0) return checkLeaf(input, path, state);
  if (Object.keys(input).length > 1) {
    return fault('one_combinator', `Expected one combinator and nothing else in a node, but got ${Object.keys(input).join(', ')}`);
  }
  if (combinators[0] === 'not') return { not: checkNode(input.not, [...path, 'not'], depth + 1, state) };
  if (combinators[0] === 'any') return { any: checkList(input.any, [...path, 'any'], depth, state) };
  return { all: checkList(input.all, [...path, 'all'], depth, state) };
}

function checkLeaf(input: Record<string, Json>, path: Path, state: CheckState): ConditionTree {
  state.leaves += 1;
  const fault = (key: string, code: string, message: string): void => {
    state.faults.push({ path: [...path, key], code, message });
  };
  for (const key of Object.keys(input)) {
    if (!['field', 'operator', 'value', 'case_sensitive'].includes(key)) {
      fault(key, 'unknown_key', `Expected only field, operator, value and case_sensitive, but found ${JSON.stringify(key)}`);
    }
  }
  const { field, operator, value, case_sensitive: caseSensitive } = input;
  checkField(field, state.place, (code, message) => fault('field', code, message));
  if (caseSensitive !== undefined && typeof caseSensitive !== 'boolean') {
    fault('case_sensitive', 'invalid_type', `Expected true or false, but got ${describeValue(caseSensitive)}`);
  }
  if (!isOperatorName(operator)) {
    const names = operatorNames.join(', ');
    fault('operator', 'unknown_operator', `Expected one of the operators ${names}, but got ${describeValue(operator)}`);
    return nothing;
  }
  const definition: Operator = operators[operator];
  const operandFault = faultOfOperand(definition.operand, value);
  if (operandFault) fault('value', 'invalid_operand', operandFault);
  if (definition.kind === 'change' && typeof field === 'string' && (parseFieldPath(field)?.root ?? 'data') !== 'data') {
    fault('field', 'unknown_field', `Expected a field of the event's data for ${operator}, but got ${field}`);
  }
  return {
    field: field as string,
    operator,
    ...(definition.operand === 'none' ? {} : { value: value as Json }),
    ...(caseSensitive === undefined ? {} : { case_sensitive: caseSensitive as boolean }),
  };
}

function checkField(field: unknown, place: ConditionPlace, fault: (code: string, message: string) => void): void {
  const path = typeof field === 'string' ? parseFieldPath(field) : null;
  if (!path) {
    fault(field === undefined ? 'required' : 'invalid_field', `Expected a dotted path, but got ${describeValue(field)}`);
  } else if (path.root === 'data' && path.segments.length > 1 && path.segments[0] === 'secrets') {
    fault('secret_not_allowed', 'Expected {{ secrets.name }} only in headers and body of an http_request, but a condition asks for one');
  } else if (place === 'trigger' && instanceRoots.has(path.root)) {
    fault('unknown_field', `Expected a field of the event in a trigger, but ${path.root} exists only in a running instance`);
  } else if (path.root === 'event' && !eventFields.has(path.segments[0] as string)) {
    fault('unknown_field', `Expected one of event.${[...eventFields].join(', event.')}, but got ${field}`);
  }
}
