import { findActionType } from '../actions/action-types.ts';
import { putArms } from '../actions/arms.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ActionNode } from './workflow-version.ts';

/** The nodes of one list: the workflow's own (`parentId` null) or an arm's, by order. */
export function childrenOf<N extends Pick<ActionNode, 'parent_id' | 'arm'>>(
  nodes: readonly N[],
  parentId: number | null,
  arm: string | null,
): N[] {
  return nodes.filter((node) => node.parent_id === parentId && node.arm === arm);
}

/** An action as clients read and write it: those in its arms stand in its config. */
export type NestedAction = Omit<ActionNode, 'parent_id' | 'arm'>;

/** The workflow's own actions, with those of arms nested in their configs: what may be posted again. */
export function nestActions(nodes: readonly ActionNode[], parentId: number | null = null, arm: string | null = null): NestedAction[] {
  return childrenOf(nodes, parentId, arm).map((node) => nestAction(nodes, node));
}

export function nestAction(nodes: readonly ActionNode[], { parent_id: _, arm: __, ...node }: ActionNode): NestedAction {
  const places = findActionType(node.action_type)?.arms(node.action_config) ?? [];
  if (places.length === 0) return node;
  const config = putArms(node.action_config, places, (name) => nestActions(nodes, node.id, name) as unknown as Json[]);
  return { ...node, action_config: config as JsonObject };
}

/** Names of events that some node waits for. */
export function waitedEvents(nodes: readonly Pick<ActionNode, 'action_type' | 'action_config'>[]): string[] {
  return nodes.flatMap(({ action_type: type, action_config: config }) => (type === 'wait_for_event' ? [String(config.event_name)] : []));
}
