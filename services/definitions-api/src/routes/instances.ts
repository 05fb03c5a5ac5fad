import type { Router } from '@koa/router';
import { Workflow } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { z } from 'zod';
import type { AppOptions } from '../app.ts';
import { commandRecord } from '../commands.ts';
import { findInstance, listActionExecutions, listInstances } from '../instance-repository.ts';
import { actionExecutionView, type InstanceRow, instanceStatuses, instanceView } from '../instance-view.ts';
import { requireRole } from '../middleware/identity.ts';
import { parsePage } from '../pagination.ts';
import { notFound, Problem } from '../problem.ts';
import { bodyOf, type Ctx, instanceIdOf, numericId } from '../route-context.ts';
import type { State } from '../state.ts';
import { validate } from '../validation.ts';

const cancelRequestSchema = z.strictObject({ reason: z.string().trim().min(1).max(64).optional() });
const acknowledgedWithinMs = 5_000;
const ended = new Set(['completed', 'failed', 'cancelled']);

/** `/workflows/{id}/instances`: executions of a workflow, and cancelling one. */
export function instanceRoutes(router: Router<State>, { codec, sender }: AppOptions): void {
  const workflowOf = async (ctx: Ctx): Promise<number> => {
    const id = numericId(ctx);
    if (!(await ctx.state.em.findOne(Workflow, { id, deletedAt: null }, { fields: ['id'] }))) throw notFound();
    return id;
  };
  const instanceOf = async (ctx: Ctx): Promise<InstanceRow> => {
    const id = instanceIdOf(ctx);
    const row = await findInstance(ctx.state.em, await workflowOf(ctx), id);
    if (!row) throw notFound();
    return row;
  };

  router.get('/api/v1/workflows/:id/instances', async (ctx) => {
    const { limit, offset, filters } = parsePage(ctx.query, { status: instanceStatuses });
    const [rows, total] = await listInstances(ctx.state.em, await workflowOf(ctx), { limit, offset, status: filters.status });
    ctx.body = { items: rows.map(instanceView), total, limit, offset };
  });

  router.get('/api/v1/workflows/:id/instances/:instanceId', async (ctx) => {
    const row = await instanceOf(ctx);
    const executions = await listActionExecutions(ctx.state.em, row.id);
    ctx.body = { ...instanceView(row), action_executions: executions.map(actionExecutionView) };
  });

  router.post('/api/v1/workflows/:id/instances/:instanceId/cancel', requireRole('operator'), async (ctx) => {
    const { reason } = validate(cancelRequestSchema, bodyOf(ctx) ?? {});
    const row = await instanceOf(ctx);
    if (ended.has(row.status)) {
      throw new Problem(409, 'instance_ended', `Expected an instance that is pending or running, but it is ${row.status}`);
    }
    const record = await commandRecord(codec, {
      tenant_id: ctx.state.identity.tenantId,
      instance_id: row.id,
      entity_type: row.entityType,
      entity_id: row.entityId,
      command: {
        'millrace.CancelInstance': {
          row_version: row.rowVersion,
          requested_by: ctx.state.identity.userId ?? 'api',
          reason: reason ?? null,
        },
      },
    });
    await within(acknowledgedWithinMs, sender.send(record));
    ctx.status = 202;
    ctx.set('Location', `/api/v1/workflows/${row.workflowId}/instances/${row.id}`);
    ctx.body = instanceView(row);
  });
}

/** A broker that doesn't acknowledge in time is away as far as the caller can tell; the record may still arrive, which is harmless. */
async function within(ms: number, sent: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RetryableError('kafka_unavailable', `Expected Kafka to acknowledge within ${ms} ms, but it did not`)),
      ms,
    );
  });
  try {
    await Promise.race([sent, late]);
  } finally {
    clearTimeout(timer);
  }
}
