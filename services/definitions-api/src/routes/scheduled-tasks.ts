import { Workflow } from '@millrace/db';
import { scheduledTaskRequestSchema, scheduledTaskTypes } from '@millrace/workflow';
import { z } from 'zod';
import { acknowledgedWithinMs, within } from '../acknowledged.ts';
import { instant, rowId } from '../answer-schema.ts';
import { cancelInstance, cancelRequestSchema } from '../cancel-instance.ts';
import { findTaskInstance } from '../instance-repository.ts';
import { instanceSchema } from '../instance-view.ts';
import { booleanParameter, listSchema, pageParameters, wholeNumber } from '../pagination.ts';
import { notFound, Problem } from '../problem.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { createTaskRun } from '../run-task.ts';
import {
  createScheduledTask,
  deleteScheduledTask,
  getScheduledTask,
  listScheduledTasks,
  listTaskExecutions,
  replaceScheduledTask,
} from '../scheduled-task-repository.ts';
import {
  nextOccurrences,
  type ScheduledTaskView,
  scheduledTaskSchema,
  scheduledTaskView,
  taskExecutionSchema,
  taskExecutionView,
} from '../scheduled-task-view.ts';
import { etagOf } from '../workflow-view.ts';

/** `/scheduled-tasks`: cron entries, their history and what is to come. */
export const scheduledTaskRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/scheduled-tasks',
    summary: 'Create a scheduled task',
    role: 'editor',
    body: scheduledTaskRequestSchema,
    status: 201,
    answer: scheduledTaskSchema,
    handle: async ({ body, state }, { now }) => {
      const { em, identity } = state;
      const row = await createScheduledTask(em, identity.tenantId, body, { userId: identity.userId, at: new Date(now()) });
      const { body: task, headers } = tagged(scheduledTaskView(row, now()));
      return { body: task, headers: { ...headers, Location: `/api/v1/scheduled-tasks/${task.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks',
    summary: 'List scheduled tasks, the newest first',
    role: 'viewer',
    query: z.strictObject({ ...pageParameters, type: z.enum(scheduledTaskTypes).optional(), enabled: booleanParameter.optional() }),
    answer: listSchema(scheduledTaskSchema),
    handle: async ({ query, state }, { now }) => {
      const { limit, offset, type, enabled } = query;
      const [rows, total] = await listScheduledTasks(state.em, { type, enabled }, { limit, offset });
      return { body: { items: rows.map((row) => scheduledTaskView(row, now())), total, limit, offset } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks/:taskId',
    summary: 'Read a scheduled task',
    role: 'viewer',
    answer: scheduledTaskSchema,
    handle: async ({ params, state }, { now }) => tagged(scheduledTaskView(await getScheduledTask(state.em, params.taskId), now())),
  }),
  defineRoute({
    method: 'put',
    path: '/scheduled-tasks/:taskId',
    summary: 'Replace a scheduled task; what was due before is not run again',
    role: 'editor',
    ifMatch: true,
    body: scheduledTaskRequestSchema,
    answer: scheduledTaskSchema,
    handle: async ({ params, body, state, header }, { now }) => {
      const change = { ifMatch: header('if-match'), at: new Date(now()) };
      return tagged(scheduledTaskView(await replaceScheduledTask(state.em, params.taskId, body, change), now()));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/scheduled-tasks/:taskId',
    summary: 'Delete a scheduled task with its history',
    role: 'editor',
    ifMatch: true,
    status: 204,
    handle: async ({ params, state, header }) => {
      await deleteScheduledTask(state.em, params.taskId, header('if-match'));
      return { body: undefined };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks/:taskId/executions',
    summary: 'List what became of a task’s occurrences, the last due first',
    role: 'viewer',
    query: z.strictObject({ ...pageParameters, status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']).optional() }),
    answer: listSchema(taskExecutionSchema),
    handle: async ({ params, query, state }) => {
      const { limit, offset, status } = query;
      await getScheduledTask(state.em, params.taskId);
      const [rows, total] = await listTaskExecutions(state.em, params.taskId, status, { limit, offset });
      return { body: { items: rows.map(taskExecutionView), total, limit, offset } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/scheduled-tasks/:taskId/executions/:instanceId/cancel',
    summary: 'Cancel a run of a task that has not ended',
    role: 'operator',
    body: cancelRequestSchema.prefault({}),
    status: 202,
    changes: 'messages',
    answer: instanceSchema,
    handle: async ({ params, body, state }, services) => {
      const row = await findTaskInstance(state.em, params.taskId, params.instanceId);
      if (!row) throw notFound();
      return cancelInstance(row, body, state, services);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks/:taskId/preview',
    summary: 'Say when a task is due next, whether or not it is enabled',
    role: 'viewer',
    query: z.strictObject({ count: wholeNumber(1, 100).prefault('10') }),
    answer: z.strictObject({ occurrences: z.array(instant) }),
    handle: async ({ params, query, state }, { now }) => {
      const task = await getScheduledTask(state.em, params.taskId);
      return { body: { occurrences: nextOccurrences(task, now(), query.count).map((due) => due.toISOString()) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/scheduled-tasks/:taskId/run',
    summary: 'Run a task now, beside its schedule',
    role: 'operator',
    status: 202,
    changes: 'messages',
    answer: z.strictObject({ task_id: rowId, instance_id: z.string(), scheduled_for: instant }),
    handle: async ({ params, state }, services) => {
      const task = await getScheduledTask(state.em, params.taskId);
      const workflow = task.workflowId ? await state.em.findOne(Workflow, { id: task.workflowId, deletedAt: null }) : null;
      if (task.type === 'workflow' && !workflow) {
        throw new Problem(409, 'workflow_missing', 'Expected the task’s workflow to exist, but it is deleted');
      }
      if (workflow && !workflow.enabled)
        throw new Problem(409, 'workflow_disabled', 'Expected the task’s workflow to be enabled, but it is not');
      const run = await createTaskRun(task, workflow?.version ?? null, services);
      await within(acknowledgedWithinMs, services.sender.send(run.record));
      return {
        body: { task_id: task.id, instance_id: run.instanceId, scheduled_for: run.dueAt.toISOString() },
        headers: { Location: `/api/v1/instances/${run.instanceId}` },
      };
    },
  }),
];

function tagged(task: ScheduledTaskView): Reply<ScheduledTaskView> {
  return { body: task, headers: { ETag: etagOf(task.revision) } };
}
