import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import type { Outcome } from '../instance/decide-outcome.ts';
import type { InstanceState } from '../instance/state.ts';
import type { ActionScope } from '../scope.ts';

/** What an action that the engine itself does may know. */
export interface Turn<Input = Record<string, unknown>> {
  node: ActionNode;
  /** The rendered config, checked against the action's rendered schema. */
  input: Input;
  scope: ActionScope;
  state: InstanceState;
  version: WorkflowVersion;
  entityType: string;
  entityId: string;
  /** The action's fixed `now`, ms. */
  nowMs: number;
  /** The clock, ms: only for what has to be over. */
  atMs: number;
}

/** Decides what an action does; pure: the same turn gives the same outcome. */
export type EngineAction<Input = Record<string, unknown>> = (turn: Turn<Input>) => Outcome;
