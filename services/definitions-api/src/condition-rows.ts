import type { ConditionTree } from '@millrace/workflow';

/** One node of a condition tree as a row; `parent` is the place of its parent in the list, null for the root. */
export interface ConditionNode {
  parent: number | null;
  kind: 'all' | 'any' | 'not' | 'leaf';
  field: string | null;
  operator: string | null;
  value: unknown;
  caseSensitive: boolean;
  position: number;
}

/** The nodes of a tree level by level, so that each parent comes before its children. No tree, no nodes. */
export function conditionNodes(tree: ConditionTree | null): ConditionNode[] {
  const nodes: ConditionNode[] = [];
  let level = tree === null ? [] : [{ tree, parent: null as number | null, position: 0 }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { tree: node, parent, position } of level) {
      const place = nodes.push(nodeOf(node, parent, position)) - 1;
      for (const [index, child] of childrenOf(node).entries()) next.push({ tree: child, parent: place, position: index });
    }
    level = next;
  }
  return nodes;
}

function childrenOf(tree: ConditionTree): ConditionTree[] {
  if ('all' in tree) return tree.all;
  if ('any' in tree) return tree.any;
  return 'not' in tree ? [tree.not] : [];
}

function nodeOf(tree: ConditionTree, parent: number | null, position: number): ConditionNode {
  const node = { parent, position, field: null, operator: null, value: null, caseSensitive: false };
  if ('all' in tree) return { ...node, kind: 'all' };
  if ('any' in tree) return { ...node, kind: 'any' };
  if ('not' in tree) return { ...node, kind: 'not' };
  return {
    ...node,
    kind: 'leaf',
    field: tree.field,
    operator: tree.operator,
    value: tree.value ?? null,
    caseSensitive: tree.case_sensitive === true,
  };
}
