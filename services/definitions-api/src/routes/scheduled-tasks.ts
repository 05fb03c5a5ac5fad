import { scheduledTaskRequestSchema } from '@millrace/workflow';
import { z } from 'zod';
import { listSchema, pageParameters } from '../pagination.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { createScheduledTask, deleteScheduledTask, findScheduledTask, listScheduledTasks } from '../scheduled-task-repository.ts';
import { scheduledTaskSchema, scheduledTaskView } from '../scheduled-task-view.ts';

/** `/scheduled-tasks`: cron entries. */
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
      return { body: scheduledTaskView(row, now()), headers: { Location: `/api/v1/scheduled-tasks/${row.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks',
    summary: 'List scheduled tasks, the newest first',
    role: 'viewer',
    query: z.strictObject(pageParameters),
    answer: listSchema(scheduledTaskSchema),
    handle: async ({ query, state }, { now }) => {
      const [rows, total] = await listScheduledTasks(state.em, query);
      return { body: { items: rows.map((row) => scheduledTaskView(row, now())), total, ...query } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/scheduled-tasks/:taskId',
    summary: 'Read a scheduled task',
    role: 'viewer',
    answer: scheduledTaskSchema,
    handle: async ({ params, state }, { now }) => {
      const row = await findScheduledTask(state.em, params.taskId);
      if (!row) throw notFound();
      return { body: scheduledTaskView(row, now()) };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/scheduled-tasks/:taskId',
    summary: 'Delete a scheduled task with its history',
    role: 'editor',
    status: 204,
    handle: async ({ params, state }) => {
      if (!(await deleteScheduledTask(state.em, params.taskId))) throw notFound();
      return { body: undefined };
    },
  }),
];
