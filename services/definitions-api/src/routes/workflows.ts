import type { Router } from '@koa/router';
import { workflowRequestSchema } from '@millrace/workflow';
import { z } from 'zod';
import type { AppOptions } from '../app.ts';
import { requireRole } from '../middleware/identity.ts';
import { parsePage } from '../pagination.ts';
import { notFound } from '../problem.ts';
import { bodyOf, type Ctx, numericId } from '../route-context.ts';
import type { State } from '../state.ts';
import { validate } from '../validation.ts';
import {
  type Change,
  createWorkflow,
  deleteWorkflow,
  enableWorkflow,
  findWorkflow,
  listWorkflows,
  replaceWorkflow,
} from '../workflow-repository.ts';
import { etagOf, type WorkflowView } from '../workflow-view.ts';

const enableRequestSchema = z.strictObject({ enabled: z.boolean(), on_disable: z.enum(['finish', 'cancel']).optional() });

/** `/workflows`: definitions. Every change wakes the relay once it has committed. */
export function workflowRoutes(router: Router<State>, { onDefinitionChanged, now }: AppOptions): void {
  const changeOf = (ctx: Ctx): Change => ({ userId: ctx.state.identity.userId, ifMatch: ctx.get('if-match'), at: new Date(now()) });

  const answer = (ctx: Ctx, workflow: WorkflowView) => {
    ctx.set('ETag', etagOf(workflow.version));
    ctx.body = workflow;
  };

  router.post('/api/v1/workflows', requireRole('editor'), async (ctx) => {
    const request = validate(workflowRequestSchema, bodyOf(ctx));
    const workflow = await createWorkflow(ctx.state.em, ctx.state.identity.tenantId, request, { ...changeOf(ctx), ifMatch: '' });
    onDefinitionChanged();
    ctx.status = 201;
    ctx.set('Location', `/api/v1/workflows/${workflow.id}`);
    answer(ctx, workflow);
  });

  router.get('/api/v1/workflows', async (ctx) => {
    const { limit, offset } = parsePage(ctx.query);
    ctx.body = { ...(await listWorkflows(ctx.state.em, { limit, offset })), limit, offset };
  });

  router.get('/api/v1/workflows/:id', async (ctx) => {
    const workflow = await findWorkflow(ctx.state.em, numericId(ctx));
    if (!workflow) throw notFound();
    answer(ctx, workflow);
  });

  router.put('/api/v1/workflows/:id', requireRole('editor'), async (ctx) => {
    const id = numericId(ctx);
    const request = validate(workflowRequestSchema, bodyOf(ctx));
    const workflow = await replaceWorkflow(ctx.state.em, id, request, changeOf(ctx));
    onDefinitionChanged();
    answer(ctx, workflow);
  });

  router.patch('/api/v1/workflows/:id/enable', requireRole('editor'), async (ctx) => {
    const id = numericId(ctx);
    const request = validate(enableRequestSchema, bodyOf(ctx));
    const workflow = await enableWorkflow(ctx.state.em, id, request, changeOf(ctx));
    onDefinitionChanged();
    answer(ctx, workflow);
  });

  router.delete('/api/v1/workflows/:id', requireRole('editor'), async (ctx) => {
    const id = numericId(ctx);
    await deleteWorkflow(ctx.state.em, id, changeOf(ctx));
    onDefinitionChanged();
    ctx.status = 202;
    ctx.body = { id, status: 'deleting' };
  });
}
