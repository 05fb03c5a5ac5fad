import { defineEntity, p } from '@mikro-orm/core';
import { at, createdAt, foreignId, hexId, rowId, tenantFilter, tenantId } from './columns.ts';

const scheduledTask = defineEntity({
  name: 'ScheduledTask',
  tableName: 'scheduled_tasks',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    name: p.string().length(255),
    type: p.string().length(16),
    config: p.json<Record<string, unknown>>(),
    schedule: p.string().length(255),
    timezone: p.string().length(64).default('UTC'),
    enabled: p.boolean(),
    overlapPolicy: p.string().length(16).default('skip'),
    misfirePolicy: p.string().length(16).default('skip'),
    misfireMax: p.integer().nullable(),
    catchUpWindowSeconds: p.integer().default(86400),
    jitterSeconds: p.integer().default(0),
    startAt: at().nullable(),
    endAt: at().nullable(),
    maxRetries: p.integer().default(0),
    retryDelaySeconds: p.integer().default(0),
    dst: p.json<Record<string, unknown>>().nullable(),
    revision: p.integer().default(1),
    workflowId: foreignId().nullable(),
    createdBy: p.string().length(128).nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    lastRunAt: at().nullable(),
    nextRunAt: at().nullable(),
    nextJitterMs: p.integer().default(0),
    computedRevision: p.integer().nullable(),
    state: p.string().length(16).default('active'),
    stateReason: p.string().length(255).nullable(),
  },
  uniques: [{ name: 'scheduled_tasks_tenant_name', properties: ['tenantId', 'name'] }],
  indexes: [
    { name: 'scheduled_tasks_type', properties: ['type'] },
    { name: 'scheduled_tasks_due', properties: ['enabled', 'nextRunAt'] },
    { name: 'scheduled_tasks_changed', properties: ['enabled', 'computedRevision', 'revision'] },
    { name: 'scheduled_tasks_next_run', properties: ['nextRunAt'] },
  ],
  filters: tenantFilter,
});
/** A cron entry. `lastRunAt`, `nextRunAt`, `computedRevision`, `state` and `stateReason` are written by the scheduler only. */
export class ScheduledTask extends scheduledTask.class {}
scheduledTask.setClass(ScheduledTask);

const scheduledTaskExecution = defineEntity({
  name: 'ScheduledTaskExecution',
  tableName: 'scheduled_task_executions',
  properties: {
    id: rowId(),
    taskId: () => p.manyToOne(ScheduledTask).mapToPk().name('task_id').index(false).deleteRule('cascade'),
    tenantId: tenantId(),
    instanceId: hexId(),
    scheduledFor: at(),
    status: p.string().length(16),
    skipReason: p.string().length(64).nullable(),
    startedAt: at().nullable(),
    completedAt: at().nullable(),
    durationMs: p.integer().nullable(),
    output: p.json<unknown>().nullable(),
    errorMessage: p.text().columnType('text').nullable(),
    lastSeq: p.integer(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'scheduled_task_executions_task_due', properties: ['taskId', 'scheduledFor'] }],
  indexes: [
    { name: 'scheduled_task_executions_tenant', properties: ['tenantId'] },
    { name: 'scheduled_task_executions_status', properties: ['status'] },
    { name: 'scheduled_task_executions_started', properties: ['startedAt'] },
  ],
  filters: tenantFilter,
});
/** One occurrence (task, due time), also one that was skipped. */
export class ScheduledTaskExecution extends scheduledTaskExecution.class {}
scheduledTaskExecution.setClass(ScheduledTaskExecution);
