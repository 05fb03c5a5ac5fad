import { randomUUID } from 'node:crypto';
import type { Router } from '@koa/router';
import { Workflow } from '@millrace/db';
import { instanceId, type Json } from '@millrace/messages';
import { z } from 'zod';
import type { AppOptions } from '../app.ts';
import { commandRecord } from '../commands.ts';
import { findInstance, insertPending } from '../instance-repository.ts';
import { type InstanceRow, instanceView } from '../instance-view.ts';
import { requireRole } from '../middleware/identity.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { bodyOf, type Ctx, numericId } from '../route-context.ts';
import { startEvent } from '../start-event.ts';
import type { State } from '../state.ts';
import { validate } from '../validation.ts';

const mostEventBytes = 256 * 1024;

const triggerRequestSchema = z.strictObject({
  triggered_by: z.string().trim().min(1).max(64),
  triggered_by_value: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(128)),
  additional_data: z.record(z.string(), z.json()).default({}),
});

/** `POST /workflows/{id}/trigger`: the answer promises an instance that can be read and can't be lost, whether or not Kafka answers. */
export function workflowTriggerRoutes(router: Router<State>, { codec, sender, now }: AppOptions): void {
  const publishStart = async (ctx: Ctx, instance: Parameters<typeof insertPending>[1]) => {
    try {
      const { id, tenantId, workflowId, workflowVersion, triggeredBy, triggeredByValue, event } = instance;
      const record = await commandRecord(codec, {
        tenant_id: tenantId,
        instance_id: id,
        entity_type: event.entity_type,
        entity_id: event.entity_id,
        command: {
          'millrace.StartInstance': {
            workflow_id: workflowId,
            workflow_version: workflowVersion,
            trigger_id: null,
            triggered_by: triggeredBy,
            triggered_by_value: triggeredByValue,
            event: JSON.stringify(event),
            blocked: null,
            origin_topic: null,
            origin_partition: null,
            origin_offset: null,
          },
        },
      });
      await sender.send(record);
    } catch (error) {
      ctx.state.logger.warn({ err: error, instance_id: instance.id }, 'start not sent; the scheduler takes it up');
    }
  };

  router.post('/api/v1/workflows/:id/trigger', requireRole('operator'), async (ctx) => {
    const workflowId = numericId(ctx);
    const request = validate(triggerRequestSchema, bodyOf(ctx));
    const { em, identity } = ctx.state;
    const key = idempotencyKeyOf(ctx);
    const originId = key ?? randomUUID();
    const id = instanceId({ tenantId: identity.tenantId, workflowId, kind: 'api', originId });
    const workflow = await em.findOne(Workflow, { id: workflowId, deletedAt: null });
    if (!workflow) throw notFound();
    const repeated = key === null ? null : await findInstance(em, workflowId, id);
    if (repeated) return accept(ctx, repeated, request);
    if (!workflow.enabled) throw new Problem(409, 'workflow_disabled', 'Expected an enabled workflow, but it is disabled');

    const at = new Date(now());
    const event = startEvent({ ...request, additional_data: request.additional_data as Record<string, Json> }, key ?? originId, at);
    if (Buffer.byteLength(JSON.stringify(event)) > mostEventBytes) {
      throw invalid([{ path: 'additional_data', code: 'too_large', message: 'Expected at most 256 KB of data, but it is more' }]);
    }
    const instance = {
      id,
      tenantId: identity.tenantId,
      workflowId,
      workflowVersion: workflow.version,
      triggeredBy: request.triggered_by,
      triggeredByValue: request.triggered_by_value,
      event,
      at,
    };
    if (await insertPending(em, instance)) void publishStart(ctx, instance);
    const row = await findInstance(em, workflowId, id);
    if (!row) throw notFound();
    accept(ctx, row, request);
  });
}

function accept(ctx: Ctx, row: InstanceRow, request: { triggered_by: string; triggered_by_value: string }): void {
  if (row.triggeredBy !== request.triggered_by || row.triggeredByValue !== request.triggered_by_value) {
    throw new Problem(422, 'idempotency_key_reused', 'Expected the same request under the same Idempotency-Key, but it differs');
  }
  ctx.status = 202;
  ctx.set('Location', `/api/v1/workflows/${row.workflowId}/instances/${row.id}`);
  ctx.body = instanceView(row);
}

function idempotencyKeyOf(ctx: Ctx): string | null {
  const key = ctx.get('idempotency-key');
  if (key === '') return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(400, 'idempotency_key_invalid', 'Expected Idempotency-Key to be 1 to 255 printable ASCII characters, but it is not');
}
