import { triggerTypes, workflowRequestSchema } from '@millrace/workflow';
import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { booleanParameter, listSchema, pageParameters } from '../pagination.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { createWorkflow, deleteWorkflow, editWorkflow, enableWorkflow } from '../workflow-changes.ts';
import { getWorkflow, listWorkflows, type WorkflowOrder, workflowOrders } from '../workflow-repository.ts';
import { etagOf, type WorkflowView, workflowSchema } from '../workflow-view.ts';

const enableRequestSchema = z.strictObject({ enabled: z.boolean(), on_disable: z.enum(['finish', 'cancel']).optional() });

const listQuerySchema = z.strictObject({
  ...pageParameters,
  /** Those that have a trigger of this type. */
  trigger_type: z.enum(triggerTypes).optional(),
  enabled: booleanParameter.optional(),
  /** A part of the name, in any case. */
  name: z.string().min(1).max(255).optional(),
  sort: z.enum(Object.keys(workflowOrders) as [WorkflowOrder]).default('-created_at'),
});

/** `/workflows`: definitions. Every change wakes the relay once it has committed. */
export const workflowRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows',
    summary: 'Create a workflow',
    role: 'editor',
    query: z.strictObject(changeParameters),
    body: workflowRequestSchema,
    status: 201,
    answer: workflowSchema,
    handle: async (request, services) => {
      const { em, identity } = request.state;
      const workflow = await createWorkflow(em, identity.tenantId, request.body, { ...changeOf(request, services), ifMatch: '' });
      services.onDefinitionChanged();
      const { body, headers } = tagged(workflow);
      return { body, headers: { ...headers, Location: `/api/v1/workflows/${workflow.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows',
    summary: 'List workflows, the newest first',
    role: 'viewer',
    query: listQuerySchema,
    answer: listSchema(workflowSchema),
    handle: async ({ query, state }) => {
      const { limit, offset, sort, trigger_type: triggerType, enabled, name } = query;
      const found = await listWorkflows(state.em, { triggerType, enabled, name }, sort, { limit, offset });
      return { body: { ...found, limit, offset } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId',
    summary: 'Read a workflow',
    role: 'viewer',
    answer: workflowSchema,
    handle: async ({ params, state }) => tagged(await getWorkflow(state.em, params.workflowId)),
  }),
  defineRoute({
    method: 'put',
    path: '/workflows/:workflowId',
    summary: 'Replace a workflow: children with an id keep it, absent ones are removed',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: workflowRequestSchema,
    answer: workflowSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const workflow = await editWorkflow(state.em, params.workflowId, () => body, changeOf(request, services));
      services.onDefinitionChanged();
      return tagged(workflow);
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/workflows/:workflowId/enable',
    summary: 'Switch a workflow on or off',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: enableRequestSchema,
    answer: workflowSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const workflow = await enableWorkflow(state.em, params.workflowId, body, changeOf(request, services));
      services.onDefinitionChanged();
      return tagged(workflow);
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/workflows/:workflowId',
    summary: 'Delete a workflow with its instances and history',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    status: 202,
    answer: z.strictObject({ id: rowId, status: z.literal('deleting') }),
    handle: async (request, services) => {
      const { params, state } = request;
      await deleteWorkflow(state.em, params.workflowId, changeOf(request, services));
      services.onDefinitionChanged();
      return { body: { id: params.workflowId, status: 'deleting' as const } };
    },
  }),
];

function tagged(workflow: WorkflowView): Reply<WorkflowView> {
  return { body: workflow, headers: { ETag: etagOf(workflow.version) } };
}
