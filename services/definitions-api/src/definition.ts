import { type ActionNode, type WorkflowVersion, waitedEvents } from '@millrace/workflow';

/** What a version holds beside its triggers and actions. */
export type DefinitionHeader = Omit<WorkflowVersion, 'triggers' | 'actions' | 'waits_for'>;
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
): WorkflowVersion {
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
