import type { Router } from '@koa/router';
import { scheduledTaskRequestSchema } from '@millrace/workflow';
import type { AppOptions } from '../app.ts';
import { requireRole } from '../middleware/identity.ts';
import { parsePage } from '../pagination.ts';
import { notFound } from '../problem.ts';
import { bodyOf, numericId } from '../route-context.ts';
import { createScheduledTask, deleteScheduledTask, findScheduledTask, listScheduledTasks } from '../scheduled-task-repository.ts';
import { scheduledTaskView } from '../scheduled-task-view.ts';
import type { State } from '../state.ts';
import { validate } from '../validation.ts';

/** `/scheduled-tasks`: cron entries. */
export function scheduledTaskRoutes(router: Router<State>, { now }: AppOptions): void {
  router.post('/api/v1/scheduled-tasks', requireRole('editor'), async (ctx) => {
    const request = validate(scheduledTaskRequestSchema, bodyOf(ctx));
    const { em, identity } = ctx.state;
    const row = await createScheduledTask(em, identity.tenantId, request, { userId: identity.userId, at: new Date(now()) });
    ctx.status = 201;
    ctx.set('Location', `/api/v1/scheduled-tasks/${row.id}`);
    ctx.body = scheduledTaskView(row, now());
  });

  router.get('/api/v1/scheduled-tasks', async (ctx) => {
    const { limit, offset } = parsePage(ctx.query);
    const [rows, total] = await listScheduledTasks(ctx.state.em, { limit, offset });
    ctx.body = { items: rows.map((row) => scheduledTaskView(row, now())), total, limit, offset };
  });

  router.get('/api/v1/scheduled-tasks/:id', async (ctx) => {
    const row = await findScheduledTask(ctx.state.em, numericId(ctx));
    if (!row) throw notFound();
    ctx.body = scheduledTaskView(row, now());
  });

  router.delete('/api/v1/scheduled-tasks/:id', requireRole('editor'), async (ctx) => {
    if (!(await deleteScheduledTask(ctx.state.em, numericId(ctx)))) throw notFound();
    ctx.status = 204;
  });
}
