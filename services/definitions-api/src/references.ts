import type { SqlEntityManager } from '@mikro-orm/mysql';
import { Workflow } from '@millrace/db';
import {
  type CompleteAction,
  type FaultPath,
  findActionType,
  formatPath,
  type JsonObject,
  type ScheduledTaskRequest,
  type WorkflowRequest,
} from '@millrace/workflow';
import { invalid } from './problem.ts';

/** A workflow that a definition names by its id, and where. */
export interface WorkflowReference {
  path: string;
  workflowId: number;
}

/** What a workflow names: what it waits for the end of, and what it starts. Actions count in their order. */
export function referencesOfWorkflow({ triggers, actions }: WorkflowRequest): WorkflowReference[] {
  const ofTriggers = triggers.flatMap(({ trigger_type: type, trigger_config: config }, index) =>
    type === 'workflow_completed' ? referenceIn(config, ['triggers', index, 'trigger_config']) : [],
  );
  return [...ofTriggers, ...referencesOfActions(actions, ['actions'])];
}

function referencesOfActions(actions: readonly CompleteAction[], path: FaultPath): WorkflowReference[] {
  return actions.flatMap(({ action_type: type, action_config: config, arms }, index) => {
    const at = [...path, index, 'action_config'];
    const places = findActionType(type)?.arms(config) ?? [];
    const below = arms.flatMap((arm) =>
      referencesOfActions(arm.actions, [...at, ...(places.find(({ name }) => name === arm.name)?.path ?? [])]),
    );
    return [...(type === 'start_workflow' ? referenceIn(config, at) : []), ...below];
  });
}

/** What a scheduled task names, by itself or in its action. */
export function referencesOfTask({ type, config }: ScheduledTaskRequest): WorkflowReference[] {
  if (type !== 'action') return referenceIn(config, ['config']);
  return config.action_type === 'start_workflow' ? referenceIn(config.action_config as JsonObject, ['config', 'action_config']) : [];
}

function referenceIn(config: JsonObject, path: FaultPath): WorkflowReference[] {
  const { workflow_id: workflowId } = config;
  return typeof workflowId === 'number' ? [{ path: formatPath([...path, 'workflow_id']), workflowId }] : [];
}

/** Throws a 422 that names every reference to what isn't a workflow of the tenant. */
export async function requireReferences(em: SqlEntityManager, references: readonly WorkflowReference[]): Promise<void> {
  if (references.length === 0) return;
  const ids = references.map(({ workflowId }) => workflowId);
  const found = new Set((await em.find(Workflow, { id: { $in: ids }, deletedAt: null }, { fields: ['id'] })).map(({ id }) => id));
  const unknown = references.filter(({ workflowId }) => !found.has(workflowId));
  if (unknown.length === 0) return;
  throw invalid(
    unknown.map(({ path, workflowId }) => ({
      path,
      code: 'unknown_id',
      message: `Expected a workflow of the tenant, but ${workflowId} is none`,
    })),
  );
}
