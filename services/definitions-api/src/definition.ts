import { type ActionNode, type CompleteAction, childrenOf, findActionType, type WorkflowVersion, waitedEvents } from '@millrace/workflow';

/** A version as it is kept: what the executor runs, and what only people read. */
export type StoredDefinition = WorkflowVersion & { description: string | null };
/** What a version holds beside its triggers and actions. */
export type DefinitionHeader = Omit<StoredDefinition, 'triggers' | 'actions' | 'waits_for'>;
export type TriggerNode = WorkflowVersion['triggers'][number];
export type { ActionNode, WorkflowVersion };

/**
 * The definition as versions keep it and the executor runs it: triggers in the order given, actions by `order`. `previous` is the version
 * before: instances of it may still wait for what it waited for.
 */
export function createDefinition(
  header: DefinitionHeader,
  triggers: TriggerNode[],
  actions: ActionNode[],
  previous: Pick<WorkflowVersion, 'waits_for'> | null,
): StoredDefinition {
  return {
    ...header,
    triggers,
    actions: actions.toSorted((a, b) => a.order - b.order || a.id - b.id),
    waits_for: [...new Set([...(previous?.waits_for ?? []), ...waitedEvents(actions)])],
  };
}

/** Rows that change when the definition does: those to keep by id, those to insert, those to remove. */
export interface ChildChanges<T> {
  kept: { id: number; value: T }[];
  added: T[];
  removedIds: number[];
  /** Positions in the request whose id isn't one of the workflow's, or comes twice. */
  unknown: number[];
}

/** Matches the children of a PUT to the rows that exist: with an id they keep it, without one they are new, absent ones go. */
export function matchChildren<T extends { id?: number | undefined }>(
  requested: readonly T[],
  existingIds: readonly number[],
): ChildChanges<T> {
  const left = new Set(existingIds);
  const changes: ChildChanges<T> = { kept: [], added: [], removedIds: [], unknown: [] };
  for (const [position, value] of requested.entries()) {
    if (value.id === undefined) changes.added.push(value);
    else if (left.delete(value.id)) changes.kept.push({ id: value.id, value });
    else changes.unknown.push(position);
  }
  changes.removedIds = [...left];
  return changes;
}

/** The actions of a version as a request has them, each with those in its arms. */
export function treeOf(nodes: readonly ActionNode[], parentId: number | null = null, arm: string | null = null): CompleteAction[] {
  return childrenOf(nodes, parentId, arm).map(({ parent_id: _, arm: __, ...node }) => {
    const places = findActionType(node.action_type)?.arms(node.action_config) ?? [];
    return { ...node, arms: places.map(({ name }) => ({ name, actions: treeOf(nodes, node.id, name) })) } as CompleteAction;
  });
}
