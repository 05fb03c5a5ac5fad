import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, foreignId, rowId, tenantFilter, tenantId } from './columns.ts';

const workflow = defineEntity({
  name: 'Workflow',
  tableName: 'workflows',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    name: p.string().length(255),
    description: p.text().columnType('text').nullable(),
    enabled: p.boolean(),
    onDisable: p.string().length(16).default('finish'),
    reEntry: p.string().length(16).default('always'),
    cooldownSeconds: p.integer().nullable(),
    version: p.integer(),
    createdBy: p.string().length(128).nullable(),
    publishedAt: at().nullable(),
    deletedAt: at().nullable(),
    tombstonedAt: at().nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  uniques: [{ name: 'workflows_tenant_name', properties: ['tenantId', 'name'] }],
  indexes: [
    { name: 'workflows_live_created', properties: ['tenantId', 'deletedAt', 'createdAt'] },
    { name: 'workflows_live_updated', properties: ['tenantId', 'deletedAt', 'updatedAt'] },
    { name: 'workflows_live_name', properties: ['tenantId', 'deletedAt', 'name'] },
    { name: 'workflows_live_enabled', properties: ['tenantId', 'deletedAt', 'enabled', 'createdAt'] },
    { name: 'workflows_deleted', properties: ['deletedAt'] },
    { name: 'workflows_enabled', properties: ['enabled'] },
    { name: 'workflows_created', properties: ['createdAt'] },
  ],
  filters: tenantFilter,
});
/** One workflow as a tenant sees it; `version` numbers its newest definition. A deleted one keeps its row, renamed ` <name>#<id>`; `tombstonedAt` says since when the topic has lost it. */
export class Workflow extends workflow.class {}
workflow.setClass(Workflow);

const workflowTrigger = defineEntity({
  name: 'WorkflowTrigger',
  tableName: 'workflow_triggers',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    workflowId: () => p.manyToOne(Workflow).mapToPk().name('workflow_id').index('workflow_triggers_workflow').deleteRule('restrict'),
    triggerType: p.string().length(64),
    triggerConfig: p.json<Record<string, unknown>>(),
    position: p.integer().default(0),
    deletedAt: at().nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  indexes: [
    { name: 'workflow_triggers_type', properties: ['triggerType'] },
    { name: 'workflow_triggers_tenant_type', properties: ['tenantId', 'triggerType', 'deletedAt', 'workflowId'] },
  ],
  filters: tenantFilter,
});
export class WorkflowTrigger extends workflowTrigger.class {}
workflowTrigger.setClass(WorkflowTrigger);

const triggerCondition = defineEntity({
  name: 'TriggerCondition',
  tableName: 'trigger_conditions',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    triggerId: () => p.manyToOne(WorkflowTrigger).mapToPk().name('trigger_id').index('trigger_conditions_trigger').deleteRule('cascade'),
    parentId: foreignId().nullable(),
    kind: p.string().length(8),
    field: p.string().length(255).nullable(),
    operator: p.string().length(64).nullable(),
    value: p.json<unknown>().nullable(),
    caseSensitive: p.boolean().default(false),
    position: p.integer().default(0),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  filters: tenantFilter,
});
/** One node of a trigger's condition tree; `kind` is all, any, not or leaf. */
export class TriggerCondition extends triggerCondition.class {}
triggerCondition.setClass(TriggerCondition);

const workflowAction = defineEntity({
  name: 'WorkflowAction',
  tableName: 'workflow_actions',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    workflowId: () => p.manyToOne(Workflow).mapToPk().name('workflow_id').index(false).deleteRule('restrict'),
    parentId: foreignId().nullable(),
    arm: p.string().length(64).nullable(),
    name: p.string().length(128),
    actionType: p.string().length(64),
    actionConfig: p.json<Record<string, unknown>>(),
    actionOrder: p.integer(),
    delaySeconds: p.integer().default(0),
    conditions: p.json<unknown>().nullable(),
    retryPolicy: p.json<Record<string, unknown>>().nullable(),
    timeoutSeconds: p.integer().nullable(),
    onError: p.string().length(16).default('fail'),
    atMostOnce: p.boolean().default(false),
    deletedAt: at().nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  indexes: [
    { name: 'workflow_actions_workflow_order', properties: ['workflowId', 'actionOrder'] },
    { name: 'workflow_actions_type', properties: ['actionType'] },
    { name: 'workflow_actions_tenant_type', properties: ['tenantId', 'actionType', 'deletedAt', 'workflowId'] },
    { name: 'workflow_actions_order', properties: ['actionOrder'] },
  ],
  filters: tenantFilter,
});
/** One node of a workflow's action tree. A removed node keeps its row with `deletedAt`, since history refers to it. */
export class WorkflowAction extends workflowAction.class {}
workflowAction.setClass(WorkflowAction);

const workflowVersion = defineEntity({
  name: 'WorkflowVersion',
  tableName: 'workflow_versions',
  properties: {
    workflowId: () => p.manyToOne(Workflow).mapToPk().primary().name('workflow_id').index(false).deleteRule('restrict'),
    version: p.integer().primary(),
    tenantId: tenantId(),
    definition: p.json<Record<string, unknown>>(),
    author: p.string().length(128).nullable(),
    note: p.string().length(500).nullable(),
    createdAt: createdAt(),
  },
  filters: tenantFilter,
});
/** An immutable version of a workflow: `definition` is what the executor runs. */
export class WorkflowVersion extends workflowVersion.class {}
workflowVersion.setClass(WorkflowVersion);
