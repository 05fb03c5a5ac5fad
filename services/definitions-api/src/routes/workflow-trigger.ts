import { randomUUID } from 'node:crypto';
import { type EventView, instanceId, type Json } from '@millrace/messages';
import type { Logger } from '@millrace/runtime';
import { compileTrigger } from '@millrace/workflow';
import { z } from 'zod';
import { commandRecord } from '../commands.ts';
import { findInstance, insertPending, isSameStart, type PendingInstance } from '../instance-repository.ts';
import { type InstanceRow, type InstanceView, instanceSchema, instanceView } from '../instance-view.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { startEvent } from '../start-event.ts';
import { getWorkflow } from '../workflow-repository.ts';
import type { WorkflowView } from '../workflow-view.ts';

const mostEventBytes = 256 * 1024;

const triggerRequestSchema = z.strictObject({
  triggered_by: z.string().trim().min(1).max(64),
  triggered_by_value: z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(128)),
  /** The event's data. */
  additional_data: z.record(z.string(), z.json()).default({}),
  /** Whether some trigger's config and conditions must hold for the data; an event type is not asked for. */
  evaluate_conditions: z.boolean().default(false),
});

/** `POST /workflows/{id}/trigger`: the answer promises an instance that can be read and can't be lost, whether or not Kafka answers. */
export const workflowTriggerRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/trigger',
    summary: 'Start an instance of a workflow',
    role: 'operator',
    body: triggerRequestSchema,
    status: 202,
    changes: 'messages',
    knowsRepeats: true,
    answer: instanceSchema,
    handle: async ({ params: { workflowId }, body: request, state, header }, services) => {
      const { em, identity } = state;
      const key = idempotencyKeyOf(header('idempotency-key'));
      const originId = key ?? randomUUID();
      const id = instanceId({ tenantId: identity.tenantId, workflowId, kind: 'api', originId });
      const workflow = await getWorkflow(em, workflowId);
      const at = new Date(services.now());
      const start = { ...request, additional_data: request.additional_data as Record<string, Json> };
      const event = startEvent(start, originId, at);
      const repeated = key === null ? null : await findInstance(em, workflowId, id);
      if (repeated) return accepted(repeated, await isSameStart(em, repeated, start, event));
      if (!workflow.enabled) throw new Problem(409, 'workflow_disabled', 'Expected an enabled workflow, but it is disabled');
      const triggerId = request.evaluate_conditions ? triggerOf(workflow, event, at.getTime()) : null;
      if (Buffer.byteLength(JSON.stringify(event)) > mostEventBytes) {
        throw invalid([{ path: 'additional_data', code: 'too_large', message: 'Expected at most 256 KB of data, but it is more' }]);
      }
      const instance = {
        id,
        tenantId: identity.tenantId,
        workflowId,
        workflowVersion: workflow.version,
        triggerId,
        triggeredBy: request.triggered_by,
        triggeredByValue: request.triggered_by_value,
        event,
        at,
      };
      if (await insertPending(em, instance)) void publishStart(instance, services, state.logger);
      const row = await findInstance(em, workflowId, id);
      if (!row) throw notFound();
      return accepted(row, await isSameStart(em, row, start, event));
    },
  }),
];

async function publishStart(instance: PendingInstance, { codec, sender }: Services, logger: Logger): Promise<void> {
  try {
    const { id, tenantId, workflowId, workflowVersion, triggerId, triggeredBy, triggeredByValue, event } = instance;
    const record = await commandRecord(codec, {
      tenant_id: tenantId,
      instance_id: id,
      entity_type: event.entity_type,
      entity_id: event.entity_id,
      command: {
        'millrace.StartInstance': {
          workflow_id: workflowId,
          workflow_version: workflowVersion,
          trigger_id: triggerId,
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
    logger.warn({ err: error, instance_id: instance.id }, 'start not sent; the scheduler takes it up');
  }
}

/** The first trigger whose config and conditions hold for the event. 409 where none do. */
function triggerOf({ triggers }: WorkflowView, event: EventView, nowMs: number): number {
  const found = triggers.find((trigger) => compileTrigger(trigger).test(event, nowMs) === true);
  if (found) return found.id;
  throw new Problem(409, 'conditions_not_met', 'Expected the conditions of a trigger to hold for the data, but those of none do');
}

function accepted(row: InstanceRow, isSame: boolean): Reply<InstanceView> {
  if (!isSame) throw new Problem(422, 'idempotency_key_reused', 'Expected the same request under the same Idempotency-Key, but it differs');
  return { body: instanceView(row), headers: { Location: `/api/v1/workflows/${row.workflowId}/instances/${row.id}` } };
}

function idempotencyKeyOf(key: string): string | null {
  if (key === '') return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(400, 'idempotency_key_invalid', 'Expected Idempotency-Key to be 1 to 255 printable ASCII characters, but it is not');
}
