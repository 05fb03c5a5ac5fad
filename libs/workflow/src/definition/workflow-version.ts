import { findActionType } from '../actions/action-types.ts';
import type { Conditions } from '../conditions/condition-tree.ts';
import type { JsonObject } from '../json.ts';
import { completeRetryPolicy, type RetryPolicy, type RetryPolicyRequest } from '../retry-policy.ts';
import type { Trigger } from '../triggers/trigger.ts';
import { defaultTimeoutSeconds } from './action-request.ts';

/** One action of a saved workflow. */
export interface ActionNode {
  id: number;
  /** The action whose arm it lies in; null in the workflow's own list. */
  parent_id: number | null;
  arm: string | null;
  name: string;
  action_type: string;
  action_config: JsonObject;
  order: number;
  delay_seconds: number;
  conditions: Conditions | null;
  retry_policy: RetryPolicyRequest | null;
  timeout_seconds: number | null;
  on_error: 'fail' | 'continue';
  at_most_once: boolean;
}

/** An immutable version of a workflow: what the executor runs. Actions by `order` within their list. */
export interface WorkflowVersion {
  id: number;
  tenant_id: string;
  version: number;
  name: string;
  enabled: boolean;
  on_disable: 'finish' | 'cancel';
  re_entry: 'always' | 'while_inactive' | 'once';
  cooldown_seconds: number | null;
  triggers: Trigger[];
  /** All of them, those in arms too. */
  actions: ActionNode[];
  /** Names of events that this version or one before it waits for. */
  waits_for: string[];
}

/** An action's policy over its type's over the product's defaults. */
export function effectivePolicy(action: Pick<ActionNode, 'action_type' | 'retry_policy'>): RetryPolicy {
  return completeRetryPolicy(action.retry_policy, findActionType(action.action_type)?.retry ?? {});
}

/** Milliseconds that one attempt of an action may take. */
export function timeoutMsOf(action: Pick<ActionNode, 'timeout_seconds'>): number {
  return (action.timeout_seconds ?? defaultTimeoutSeconds) * 1_000;
}
