import type { SqlEntityManager } from '@mikro-orm/mysql';
import { Workflow } from '@millrace/db';
import { z } from 'zod';
import { within } from '../acknowledged.ts';
import { commandRecord } from '../commands.ts';
import { findInstance, listActionExecutions, listInstances } from '../instance-repository.ts';
import {
  actionExecutionView,
  type InstanceRow,
  instanceDetailSchema,
  instanceSchema,
  instanceStatuses,
  instanceView,
} from '../instance-view.ts';
import { listSchema, pageParameters } from '../pagination.ts';
import { notFound, Problem } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

const cancelRequestSchema = z.strictObject({ reason: z.string().trim().min(1).max(64).optional() });
const acknowledgedWithinMs = 5_000;
const ended = new Set(['completed', 'failed', 'cancelled']);

/** `/workflows/{id}/instances`: executions of a workflow, and cancelling one. */
export const instanceRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/instances',
    summary: 'List the instances of a workflow, the newest first',
    role: 'viewer',
    query: z.strictObject({ ...pageParameters, status: z.enum(instanceStatuses).optional() }),
    answer: listSchema(instanceSchema),
    handle: async ({ params, query, state }) => {
      const { limit, offset, status } = query;
      const [rows, total] = await listInstances(state.em, await workflowOf(state.em, params.workflowId), { limit, offset, status });
      return { body: { items: rows.map(instanceView), total, limit, offset } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/instances/:instanceId',
    summary: 'Read an instance with what became of its actions',
    role: 'viewer',
    answer: instanceDetailSchema,
    handle: async ({ params, state }) => {
      const row = await instanceOf(state.em, params);
      const executions = await listActionExecutions(state.em, row.id);
      return { body: { ...instanceView(row), action_executions: executions.map(actionExecutionView) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/instances/:instanceId/cancel',
    summary: 'Cancel an instance that has not ended',
    role: 'operator',
    body: cancelRequestSchema.prefault({}),
    status: 202,
    changes: 'messages',
    answer: instanceSchema,
    handle: async ({ params, body, state }, { codec, sender }) => {
      const row = await instanceOf(state.em, params);
      if (ended.has(row.status)) {
        throw new Problem(409, 'instance_ended', `Expected an instance that is pending or running, but it is ${row.status}`);
      }
      const record = await commandRecord(codec, {
        tenant_id: state.identity.tenantId,
        instance_id: row.id,
        entity_type: row.entityType,
        entity_id: row.entityId,
        command: {
          'millrace.CancelInstance': {
            row_version: row.rowVersion,
            requested_by: state.identity.userId ?? 'api',
            reason: body.reason ?? null,
          },
        },
      });
      await within(acknowledgedWithinMs, sender.send(record));
      return { body: instanceView(row), headers: { Location: `/api/v1/workflows/${row.workflowId}/instances/${row.id}` } };
    },
  }),
];

async function workflowOf(em: SqlEntityManager, id: number): Promise<number> {
  if (!(await em.findOne(Workflow, { id, deletedAt: null }, { fields: ['id'] }))) throw notFound();
  return id;
}

async function instanceOf(
  em: SqlEntityManager,
  { workflowId, instanceId }: { workflowId: number; instanceId: string },
): Promise<InstanceRow> {
  const row = await findInstance(em, await workflowOf(em, workflowId), instanceId);
  if (!row) throw notFound();
  return row;
}
