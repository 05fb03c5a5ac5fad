import type { SqlEntityManager } from '@mikro-orm/mysql';
import { z } from 'zod';
import { cancelInstance, cancelRequestSchema } from '../cancel-instance.ts';
import { sendToInstance } from '../instance-command.ts';
import { instanceListParameters, instanceListSchema, listInstances } from '../instance-list.ts';
import { listLogEntries, logEntrySchema } from '../instance-log.ts';
import { findInstance, findInstanceById, listActionExecutions } from '../instance-repository.ts';
import { actionExecutionView, type InstanceRow, instanceDetailSchema, instanceSchema, instanceView } from '../instance-view.ts';
import { listSchema, pageParameters, rowIdParameter } from '../pagination.ts';
import { notFound, Problem } from '../problem.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { findWorkflow, requireWorkflow } from '../workflow-repository.ts';

const retryRequestSchema = z.strictObject({ version: z.enum(['pinned', 'latest']).default('pinned') });

/** `/instances` and `/workflows/{id}/instances`: what was started, how it goes, and what to do about it. */
export const instanceRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/instances',
    summary: 'List the instances of all workflows, the newest first',
    role: 'viewer',
    query: z.strictObject({ ...instanceListParameters, workflow_id: rowIdParameter.optional() }),
    answer: instanceListSchema,
    handle: async ({ query, state }) => ({ body: await listInstances(state.em, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/instances/:instanceId',
    summary: 'Read an instance of any workflow or scheduled task',
    role: 'viewer',
    answer: instanceDetailSchema,
    handle: async ({ params, state }) => {
      const row = await findInstanceById(state.em, params.instanceId);
      if (!row) throw notFound();
      return detailOf(state.em, row);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/instances',
    summary: 'List the instances of a workflow, the newest first',
    role: 'viewer',
    query: z.strictObject(instanceListParameters),
    answer: instanceListSchema,
    handle: async ({ params, query, state }) => {
      await requireWorkflow(state.em, params.workflowId);
      return { body: await listInstances(state.em, { ...query, workflow_id: params.workflowId }) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/instances/:instanceId',
    summary: 'Read an instance with what became of its actions',
    role: 'viewer',
    answer: instanceDetailSchema,
    handle: async ({ params, state }) => detailOf(state.em, await getInstance(state.em, params)),
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/instances/:instanceId/log',
    summary: 'Read the execution log of an instance, from its first entry on',
    role: 'viewer',
    query: z.strictObject(pageParameters),
    answer: listSchema(logEntrySchema),
    handle: async ({ params, query, state }) => {
      const row = await getInstance(state.em, params);
      return { body: { ...(await listLogEntries(state.em, row.id, query)), ...query } };
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
    handle: async ({ params, body, state }, services) => cancelInstance(await getInstance(state.em, params), body, state, services),
  }),
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/instances/:instanceId/retry',
    summary: 'Go on with a failed instance from the action that failed',
    role: 'operator',
    body: retryRequestSchema.prefault({}),
    status: 202,
    changes: 'messages',
    answer: instanceSchema,
    handle: async ({ params, body, state }, services) => {
      const row = await getInstance(state.em, params);
      if (row.status !== 'failed') {
        throw new Problem(409, 'instance_not_failed', `Expected an instance that has failed, but it is ${row.status}`);
      }
      if (body.version === 'latest') await requireCompletedActions(state.em, row);
      const retry = {
        row_version: row.rowVersion,
        requested_by: state.identity.userId ?? 'api',
        use_latest_version: body.version === 'latest',
      };
      return sendToInstance(row, state.identity.tenantId, { 'millrace.RetryInstance': retry }, services);
    },
  }),
];

async function getInstance(
  em: SqlEntityManager,
  { workflowId, instanceId }: { workflowId: number; instanceId: string },
): Promise<InstanceRow> {
  await requireWorkflow(em, workflowId);
  const row = await findInstance(em, workflowId, instanceId);
  if (!row) throw notFound();
  return row;
}

/** What has been done must have a place in the version that goes on. The executor asks again; this is for a clear answer. */
async function requireCompletedActions(em: SqlEntityManager, row: InstanceRow): Promise<void> {
  const workflow = await findWorkflow(em, Number(row.workflowId));
  const known = new Set(workflow?.actions.map(({ id }) => id));
  const executions = await listActionExecutions(em, row.id);
  const lost = executions.find(({ status, actionId }) => status === 'completed' && !known.has(Number(actionId)));
  if (!lost) return;
  const message = `Expected every completed action to be in the latest version, but ${JSON.stringify(lost.actionName)} is not`;
  throw new Problem(409, 'version_incompatible', message);
}

async function detailOf(em: SqlEntityManager, row: InstanceRow): Promise<Reply<z.input<typeof instanceDetailSchema>>> {
  const executions = await listActionExecutions(em, row.id);
  return { body: { ...instanceView(row), action_executions: executions.map(actionExecutionView) } };
}
