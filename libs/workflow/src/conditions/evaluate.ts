import type { Json } from '../json.ts';
import type { ConditionContext, Verdict } from './condition-context.ts';
import type { ConditionLeaf, Conditions, ConditionTree } from './condition-tree.ts';
import { createFieldReader, createPreviousReader, parseFieldPath } from './field-path.ts';
import { faultOfOperand } from './operand.ts';
import { type Operator, operators } from './operators.ts';

export type CompiledConditions = (context: ConditionContext) => Verdict;

/**
 * Turns conditions into one function; compile once, call often. Null is always true. Pure and total: what this version can't read,
 * such as an operator of a later one, is unknown.
 */
export function compileConditions(conditions: Conditions | null | undefined): CompiledConditions {
  if (conditions === null || conditions === undefined) return always(true);
  return compileNode(Array.isArray(conditions) ? { all: conditions } : conditions);
}

const always = (verdict: Verdict) => () => verdict;

const compiledByTree = new WeakMap<object, CompiledConditions>();

/** Asks conditions of a context: true, false or unknown as in SQL. The compiled form is kept as long as the tree. */
export function evaluate(conditions: Conditions | null | undefined, context: ConditionContext): Verdict {
  if (conditions === null || conditions === undefined) return true;
  let compiled = compiledByTree.get(conditions);
  if (!compiled) {
    compiled = compileConditions(conditions);
    compiledByTree.set(conditions, compiled);
  }
  return compiled(context);
}

/** One leaf as the dry run shows it. `path` is where it stands in the tree; `seen` is null for a missing value. */
export interface LeafExplanation {
  path: (string | number)[];
  field: string;
  operator: string;
  value: Json;
  seen: Json;
  verdict: Verdict;
}

/** Every leaf with the value seen and its verdict, in the order of the tree; all are asked, also behind a decided one. */
export function explain(conditions: Conditions | null | undefined, context: ConditionContext): LeafExplanation[] {
  if (conditions === null || conditions === undefined) return [];
  const leaves: LeafExplanation[] = [];
  const visit = (node: ConditionTree, path: (string | number)[]): void => {
    if ('all' in node) node.all.forEach((child, index) => void visit(child, [...path, 'all', index]));
    else if ('any' in node) node.any.forEach((child, index) => void visit(child, [...path, 'any', index]));
    else if ('not' in node) visit(node.not, [...path, 'not']);
    else {
      const { field, operator, value = null } = node;
      const fieldPath = parseFieldPath(field);
      const seen = fieldPath === null ? null : (createFieldReader(fieldPath)(context) ?? null);
      leaves.push({ path, field, operator, value, seen, verdict: compileLeaf(node)(context) });
    }
  };
  if (Array.isArray(conditions)) conditions.forEach((node, index) => void visit(node, [index]));
  else visit(conditions, []);
  return leaves;
}

function compileNode(node: ConditionTree): CompiledConditions {
  if ('all' in node) return combine(node.all.map(compileNode), false);
  if ('any' in node) return combine(node.any.map(compileNode), true);
  if (!('not' in node)) return compileLeaf(node);
  const inner = compileNode(node.not);
  return (context) => {
    const verdict = inner(context);
    return verdict === 'unknown' ? verdict : !verdict;
  };
}

/** `deciding` ends the question at once: true for any, false for all. */
function combine(nodes: CompiledConditions[], deciding: boolean): CompiledConditions {
  const [only] = nodes;
  if (nodes.length === 1 && only) return only;
  return (context) => {
    let result: Verdict = !deciding;
    for (const node of nodes) {
      const verdict = node(context);
      if (verdict === deciding) return deciding;
      if (verdict === 'unknown') result = verdict;
    }
    return result;
  };
}

function compileLeaf(leaf: ConditionLeaf): CompiledConditions {
  const path = parseFieldPath(leaf.field);
  const isKnown = typeof leaf.operator === 'string' && Object.hasOwn(operators, leaf.operator);
  const operator: Operator | undefined = isKnown ? operators[leaf.operator] : undefined;
  if (!path || !operator || faultOfOperand(operator.operand, leaf.value) !== null) return always('unknown');
  const read = createFieldReader(path);
  const { whenMissing } = operator;
  const operand = { value: leaf.value ?? null, caseSensitive: leaf.case_sensitive === true };
  if (operator.kind === 'value') {
    const test = operator.test(operand);
    return (context) => {
      const seen = read(context);
      return seen === undefined ? whenMissing : test(seen, context.nowMs);
    };
  }
  const test = operator.test(operand);
  const readPrevious = createPreviousReader(path);
  return (context) => {
    if (context.previous === null) return 'unknown';
    const seen = read(context);
    return seen === undefined ? whenMissing : test(seen, readPrevious(context));
  };
}
