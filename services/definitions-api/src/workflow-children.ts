import type { SqlEntityManager } from '@mikro-orm/mysql';
import { TriggerCondition, type Workflow, WorkflowAction, WorkflowTrigger } from '@millrace/db';
import { flattenActions, type WorkflowRequest } from '@millrace/workflow';
import { type ConditionNode, conditionNodes } from './condition-rows.ts';
import { type ActionNode, matchChildren, type TriggerNode } from './definition.ts';
import { invalid } from './problem.ts';

type TriggerRequest = WorkflowRequest['triggers'][number];
type ActionRequest = WorkflowRequest['actions'][number];

export interface ChildOptions {
  at: Date;
  /** Whether rows that were removed may come back under their ids. */
  revives: boolean;
}

/** Brings the trigger rows of a workflow to what was asked for, and returns them with their ids, in the order given. */
export async function saveTriggers(
  rows: SqlEntityManager,
  workflow: Workflow,
  requested: readonly TriggerRequest[],
  { at, revives }: ChildOptions,
): Promise<TriggerNode[]> {
  const existing = await rows.find(WorkflowTrigger, { workflowId: workflow.id, ...(revives ? {} : { deletedAt: null }) });
  const rowById = matched('triggers', requested, existing, at);
  const saved = requested.map((trigger, position) => {
    const values = {
      triggerType: trigger.trigger_type,
      triggerConfig: { ...trigger.trigger_config },
      position,
      deletedAt: null,
      updatedAt: at,
    };
    const known = trigger.id === undefined ? undefined : rowById.get(trigger.id);
    if (known) return Object.assign(known, values);
    return rows.create(WorkflowTrigger, { ...values, tenantId: workflow.tenantId, workflowId: workflow.id, createdAt: at });
  });
  await rows.flush();
  if (rowById.size > 0) await rows.nativeDelete(TriggerCondition, { triggerId: { $in: [...rowById.keys()] } });
  for (const [position, trigger] of requested.entries()) {
    const row = saved[position];
    if (row) await insertConditions(rows, row, conditionNodes(trigger.conditions ?? null), at);
  }
  return requested.map(({ trigger_type, trigger_config, conditions }, position) => ({
    id: (saved[position] as WorkflowTrigger).id,
    trigger_type,
    trigger_config: { ...trigger_config },
    conditions: conditions ?? null,
  })) as TriggerNode[];
}

async function insertConditions(rows: SqlEntityManager, trigger: WorkflowTrigger, nodes: ConditionNode[], at: Date): Promise<void> {
  const ids: number[] = [];
  for (const { parent, ...node } of nodes) {
    const parentId = parent === null ? null : (ids[parent] ?? null);
    const id = await rows.insert(TriggerCondition, {
      ...node,
      tenantId: trigger.tenantId,
      triggerId: trigger.id,
      parentId,
      createdAt: at,
      updatedAt: at,
    });
    ids.push(Number(id));
  }
}

/** The same for actions, a row a node of the tree. A removed action's row stays, since history refers to it. */
export async function saveActions(
  rows: SqlEntityManager,
  workflow: Workflow,
  requested: readonly ActionRequest[],
  { at, revives }: ChildOptions,
): Promise<ActionNode[]> {
  const existing = await rows.find(WorkflowAction, { workflowId: workflow.id, ...(revives ? {} : { deletedAt: null }) });
  const rowById = matched('actions', flattenActions(requested), existing, at);
  const nodes: ActionNode[] = [];
  let level: Placed[] = requested.map((action) => ({ action, parentId: null, arm: null }));
  // Level by level: a parent has its id before its children are written.
  while (level.length > 0) {
    const saved = level.map((placed) => saveAction(rows, workflow, placed, rowById, at));
    await rows.flush();
    nodes.push(...level.map((placed, index) => actionNode(placed, (saved[index] as WorkflowAction).id)));
    level = level.flatMap(({ action }, index) =>
      action.arms.flatMap((arm) =>
        arm.actions.map((child) => ({ action: child, parentId: (saved[index] as WorkflowAction).id, arm: arm.name })),
      ),
    );
  }
  return nodes;
}

/** An action and where it lies in the tree. */
interface Placed {
  action: ActionRequest;
  parentId: number | null;
  arm: string | null;
}

function saveAction(
  rows: SqlEntityManager,
  workflow: Workflow,
  { action, parentId, arm }: Placed,
  rowById: ReadonlyMap<number, WorkflowAction>,
  at: Date,
): WorkflowAction {
  const values = {
    parentId,
    arm,
    name: action.name,
    actionType: action.action_type,
    actionConfig: { ...action.action_config },
    actionOrder: action.order,
    delaySeconds: action.delay_seconds,
    conditions: action.conditions ?? null,
    retryPolicy: action.retry_policy ? { ...action.retry_policy } : null,
    timeoutSeconds: action.timeout_seconds ?? null,
    onError: action.on_error,
    atMostOnce: action.at_most_once,
    deletedAt: null,
    updatedAt: at,
  };
  const known = action.id === undefined ? undefined : rowById.get(action.id);
  if (known) return Object.assign(known, values);
  return rows.create(WorkflowAction, { ...values, tenantId: workflow.tenantId, workflowId: workflow.id, createdAt: at });
}

function actionNode({ action, parentId, arm }: Placed, id: number): ActionNode {
  return {
    id,
    parent_id: parentId,
    arm,
    name: action.name,
    action_type: action.action_type,
    action_config: { ...action.action_config },
    order: action.order,
    delay_seconds: action.delay_seconds,
    conditions: action.conditions ?? null,
    retry_policy: action.retry_policy ?? null,
    timeout_seconds: action.timeout_seconds ?? null,
    on_error: action.on_error,
    at_most_once: action.at_most_once,
  } as ActionNode;
}

/** The existing rows by id, those that the request leaves out marked as deleted; 422 for ids that aren't the workflow's. */
function matched<R extends { id: number; deletedAt?: Date | null | undefined }>(
  list: string,
  requested: readonly { id?: number | undefined }[],
  existing: readonly R[],
  at: Date,
): Map<number, R> {
  const rowById = new Map(existing.map((row) => [row.id, row]));
  const { unknown, removedIds } = matchChildren(requested, [...rowById.keys()]);
  if (unknown.length > 0) {
    throw invalid(
      unknown.map((position) => ({
        path: `${list}[${position}].id`,
        code: 'unknown_id',
        message: `Expected the id of one of the workflow's ${list}, once, but got ${requested[position]?.id}`,
      })),
    );
  }
  for (const id of removedIds) {
    const row = rowById.get(id);
    if (row) row.deletedAt ??= at;
  }
  return rowById;
}
