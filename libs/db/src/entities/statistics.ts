import { defineEntity, p } from '@mikro-orm/core';
import { at, foreignId, tenantFilter, tenantId } from './columns.ts';

const ofWorkflow = () => foreignId().primary().autoincrement(false);
const count = () => p.integer().unsigned();

const workflowStat = defineEntity({
  name: 'WorkflowStat',
  tableName: 'workflow_stats',
  properties: {
    tenantId: tenantId().primary(),
    period: p.string().length(4).primary(),
    startsAt: at().primary(),
    workflowId: ofWorkflow(),
    version: p.integer().unsigned().primary().autoincrement(false),
    started: count(),
    completed: count(),
    failed: count(),
    cancelled: count(),
    retried: count(),
  },
  filters: tenantFilter,
});
/**
 * How many entries of a kind the logs of a workflow's instances hold, by version: `period` is an `hour` or a `day` (UTC) that begins at
 * `startsAt`, or `all` (1970). Workflow 0, version 0 is the whole tenant, runs without a workflow and what was deleted included.
 */
export class WorkflowStat extends workflowStat.class {}
workflowStat.setClass(WorkflowStat);

const workflowActionStat = defineEntity({
  name: 'WorkflowActionStat',
  tableName: 'workflow_action_stats',
  properties: {
    tenantId: tenantId().primary(),
    startsAt: at().primary(),
    workflowId: ofWorkflow(),
    version: p.integer().unsigned().primary().autoincrement(false),
    actionId: ofWorkflow(),
    outcome: p.string().length(16).primary(),
    arm: p.string().length(64).primary(),
    bucket: p.smallint().unsigned().primary().autoincrement(false),
    entries: count(),
    durationMs: foreignId(),
  },
  filters: tenantFilter,
});
/**
 * How the actions of a workflow ended on a day (UTC), by version: entries of an outcome, of those that completed in each bucket of durations,
 * with the sum of their durations. Action 0 is the instance as a whole.
 */
export class WorkflowActionStat extends workflowActionStat.class {}
workflowActionStat.setClass(WorkflowActionStat);

const removedInstance = defineEntity({
  name: 'RemovedInstance',
  tableName: 'removed_instances',
  properties: {
    tenantId: tenantId().primary(),
    workflowId: ofWorkflow(),
    status: p.string().length(16).primary(),
    instances: count(),
  },
  filters: tenantFilter,
});
/** How many instances were deleted that the roll-ups still count; workflow 0 is the whole tenant. The executor is its only writer. */
export class RemovedInstance extends removedInstance.class {}
removedInstance.setClass(RemovedInstance);
