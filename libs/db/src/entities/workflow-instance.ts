import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, foreignId, hexId, rowId, tenantFilter, tenantId } from './columns.ts';
import { Workflow, WorkflowAction } from './workflow.ts';

const workflowInstance = defineEntity({
  name: 'WorkflowInstance',
  tableName: 'workflow_instances',
  properties: {
    id: hexId().primary(),
    tenantId: tenantId(),
    workflowId: () => p.manyToOne(Workflow).mapToPk().nullable().name('workflow_id').index(false).deleteRule('restrict'),
    workflowVersion: p.integer().nullable(),
    scheduledTaskId: foreignId().nullable(),
    scheduledFor: at().nullable(),
    entityType: p.string().length(64),
    entityId: p.string().length(128),
    triggeredBy: p.string().length(64),
    triggeredByValue: p.string().length(255),
    status: p.string().length(16),
    progress: p.tinyint().unsigned().default(0),
    executedActions: p.integer().default(0),
    failedActions: p.integer().default(0),
    rowVersion: p.integer().unsigned().default(0),
    journal: p.blob().columnType('mediumblob'),
    publishedSeq: p.integer().unsigned().default(0),
    wakeAt: at().nullable(),
    waitingFor: p.string().length(16).nullable(),
    writer: hexId().nullable(),
    inbox: p.blob().columnType('mediumblob').nullable(),
    startedAt: at().nullable(),
    completedAt: at().nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  indexes: [
    { name: 'workflow_instances_tenant_created', properties: ['tenantId', 'createdAt', 'id'] },
    { name: 'workflow_instances_workflow_created', properties: ['workflowId', 'createdAt', 'id'] },
    { name: 'workflow_instances_status_wake', properties: ['status', 'wakeAt'] },
  ],
  filters: tenantFilter,
});
/** One run. The executor is its only writer once it has committed it; the API inserts `pending` rows with `rowVersion` 0. */
export class WorkflowInstance extends workflowInstance.class {}
workflowInstance.setClass(WorkflowInstance);

const workflowActionExecution = defineEntity({
  name: 'WorkflowActionExecution',
  tableName: 'workflow_action_executions',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    workflowId: () =>
      p.manyToOne(Workflow).mapToPk().nullable().name('workflow_id').index('workflow_action_executions_workflow').deleteRule('restrict'),
    instanceId: () => p.manyToOne(WorkflowInstance).mapToPk().name('instance_id').index(false).deleteRule('restrict'),
    actionId: () =>
      p.manyToOne(WorkflowAction).mapToPk().nullable().name('action_id').index('workflow_action_executions_action').deleteRule('restrict'),
    actionName: p.string().length(128),
    actionType: p.string().length(64),
    status: p.string().length(16),
    attempts: p.integer().default(0),
    retryCount: p.integer().default(0),
    input: p.json<unknown>().nullable(),
    result: p.json<unknown>().nullable(),
    errorCode: p.string().length(64).nullable(),
    errorMessage: p.text().columnType('text').nullable(),
    skipReason: p.string().length(64).nullable(),
    startedAt: at().nullable(),
    completedAt: at().nullable(),
    durationMs: p.integer().nullable(),
    lastSeq: p.integer(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  uniques: [{ name: 'workflow_action_executions_instance_action', properties: ['instanceId', 'actionId'] }],
  indexes: [{ name: 'workflow_action_executions_status', properties: ['status'] }],
  filters: tenantFilter,
});
export class WorkflowActionExecution extends workflowActionExecution.class {}
workflowActionExecution.setClass(WorkflowActionExecution);

const workflowExecutionLog = defineEntity({
  name: 'WorkflowExecutionLog',
  tableName: 'workflow_execution_logs',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    workflowId: () => p.manyToOne(Workflow).mapToPk().nullable().name('workflow_id').index(false).deleteRule('restrict'),
    instanceId: () => p.manyToOne(WorkflowInstance).mapToPk().name('instance_id').index(false).deleteRule('restrict'),
    seq: p.integer(),
    action: p.string().length(64),
    actionId: foreignId().nullable(),
    status: p.string().length(16).nullable(),
    detail: p.json<Record<string, unknown>>().nullable(),
    createdAt: at(),
  },
  uniques: [{ name: 'workflow_execution_logs_instance_seq', properties: ['instanceId', 'seq'] }],
  indexes: [
    { name: 'workflow_execution_logs_tenant_created', properties: ['tenantId', 'createdAt'] },
    { name: 'workflow_execution_logs_workflow_created', properties: ['workflowId', 'createdAt'] },
    { name: 'workflow_execution_logs_action', properties: ['action'] },
    { name: 'workflow_execution_logs_created', properties: ['createdAt'] },
  ],
  filters: tenantFilter,
});
/** One entry of an instance's execution log; `createdAt` is the entry's own time. */
export class WorkflowExecutionLog extends workflowExecutionLog.class {}
workflowExecutionLog.setClass(WorkflowExecutionLog);
