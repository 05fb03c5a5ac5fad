import { type ActionNode, childrenOf, type WorkflowVersion } from '@millrace/workflow';
import { actionState, type InstanceState, isFinished } from './state.ts';

/** Where an instance stands in its workflow's tree. */
export type Place =
  /** The action that is to run, or runs. */
  | { kind: 'action'; action: ActionNode }
  /** An action whose arm has been run to its end. */
  | { kind: 'arm_done'; action: ActionNode; arm: string }
  | { kind: 'end' };

/** The first unfinished action, depth first, in the arms that were taken. */
export function findPlace(state: InstanceState, { actions }: Pick<WorkflowVersion, 'actions'>): Place {
  return findIn(state, actions, null, null);
}

function findIn(state: InstanceState, nodes: readonly ActionNode[], parentId: number | null, arm: string | null): Place {
  const action = childrenOf(nodes, parentId, arm).find((candidate) => !isFinished(actionState(state, candidate.id)));
  if (action === undefined) return { kind: 'end' };
  const taken = actionState(state, action.id).arm;
  if (taken === null) return { kind: 'action', action };
  const inner = findIn(state, nodes, action.id, taken);
  return inner.kind === 'end' ? { kind: 'arm_done', action, arm: taken } : inner;
}

/** Everything in the arms of an action that were not taken; null: none was. */
export function nodesOfOtherArms(nodes: readonly ActionNode[], parentId: number, taken: string | null): ActionNode[] {
  return nodes.filter((node) => node.parent_id === parentId && node.arm !== taken).flatMap((node) => [node, ...nodesBelow(nodes, node.id)]);
}

function nodesBelow(nodes: readonly ActionNode[], parentId: number): ActionNode[] {
  return nodes.filter((node) => node.parent_id === parentId).flatMap((node) => [node, ...nodesBelow(nodes, node.id)]);
}
