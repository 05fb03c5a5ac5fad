import { triggerRequestSchema, type WorkflowRequest } from '@millrace/workflow';
import { z } from 'zod';
import { listSchema, pageOf, pageParameters } from '../pagination.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { addTrigger, removeTrigger, replaceTrigger } from '../trigger-edits.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { editWorkflow } from '../workflow-changes.ts';
import { getWorkflow } from '../workflow-repository.ts';
import { etagOf, triggerSchema, type WorkflowView } from '../workflow-view.ts';

/** `/workflows/{id}/triggers`: each change makes the workflow's next version. */
export const triggerRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/triggers',
    summary: 'Add a trigger to a workflow',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: triggerRequestSchema,
    status: 201,
    answer: triggerSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const change = changeOf(request, services);
      const workflow = await editWorkflow(state.em, params.workflowId, (current) => addTrigger(current, body), change);
      services.onDefinitionChanged();
      const { body: trigger, headers } = replyOf(workflow, workflow.triggers.at(-1)?.id);
      return { body: trigger, headers: { ...headers, Location: `/api/v1/workflows/${workflow.id}/triggers/${trigger.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/triggers',
    summary: 'List the triggers of a workflow, in the order in which they are asked',
    role: 'viewer',
    query: z.strictObject(pageParameters),
    answer: listSchema(triggerSchema),
    handle: async ({ params, query, state }) => {
      const { triggers, version } = await getWorkflow(state.em, params.workflowId);
      return { body: pageOf(triggers, query), headers: { ETag: etagOf(version) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/triggers/:triggerId',
    summary: 'Read a trigger',
    role: 'viewer',
    answer: triggerSchema,
    handle: async ({ params, state }) => replyOf(await getWorkflow(state.em, params.workflowId), params.triggerId),
  }),
  defineRoute({
    method: 'put',
    path: '/workflows/:workflowId/triggers/:triggerId',
    summary: 'Replace a trigger',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: triggerRequestSchema,
    answer: triggerSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const edit = (current: WorkflowRequest) => replaceTrigger(current, params.triggerId, body);
      const workflow = await editWorkflow(state.em, params.workflowId, edit, changeOf(request, services));
      services.onDefinitionChanged();
      return replyOf(workflow, params.triggerId);
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/workflows/:workflowId/triggers/:triggerId',
    summary: 'Remove a trigger',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    status: 204,
    handle: async (request, services) => {
      const { params, state } = request;
      const edit = (current: WorkflowRequest) => removeTrigger(current, params.triggerId);
      const { version } = await editWorkflow(state.em, params.workflowId, edit, changeOf(request, services));
      services.onDefinitionChanged();
      return { body: undefined, headers: { ETag: etagOf(version) } };
    },
  }),
];

function replyOf(workflow: WorkflowView, triggerId: number | undefined): Reply<z.input<typeof triggerSchema>> {
  const trigger = workflow.triggers.find(({ id }) => id === triggerId);
  if (!trigger) throw notFound();
  return { body: trigger, headers: { ETag: etagOf(workflow.version) } };
}
