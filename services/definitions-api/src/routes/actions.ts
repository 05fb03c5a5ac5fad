import { type ActionNode, placedActionRequestSchema, type WorkflowRequest } from '@millrace/workflow';
import { z } from 'zod';
import { addAction, removeAction, replaceAction } from '../action-edits.ts';
import { listSchema, pageOf, pageParameters } from '../pagination.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { editWorkflow } from '../workflow-changes.ts';
import { getActionNodes } from '../workflow-repository.ts';
import { actionNodeSchema, etagOf } from '../workflow-view.ts';

/** `/workflows/{id}/actions`: the nodes of the tree of actions, each by itself; each change makes the workflow's next version. */
export const actionRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/actions',
    summary: 'Add an action to a workflow, or to an arm of one of its actions by parent_id and arm',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: placedActionRequestSchema,
    status: 201,
    answer: actionNodeSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      let addedName = '';
      const edit = (current: WorkflowRequest) => {
        const { workflow, name } = addAction(current, body.action, placeOf(body));
        addedName = name;
        return workflow;
      };
      await editWorkflow(state.em, params.workflowId, edit, changeOf(request, services));
      services.onDefinitionChanged();
      const { body: action, headers } = replyOf(await getActionNodes(state.em, params.workflowId), ({ name }) => name === addedName);
      return { body: action, headers: { ...headers, Location: `/api/v1/workflows/${params.workflowId}/actions/${action.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/actions',
    summary: 'List the actions of a workflow by order, those in arms too',
    role: 'viewer',
    query: z.strictObject(pageParameters),
    answer: listSchema(actionNodeSchema),
    handle: async ({ params, query, state }) => {
      const { actions, version } = await getActionNodes(state.em, params.workflowId);
      return { body: pageOf(actions, query), headers: { ETag: etagOf(version) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/actions/:actionId',
    summary: 'Read an action',
    role: 'viewer',
    answer: actionNodeSchema,
    handle: async ({ params, state }) => replyOf(await getActionNodes(state.em, params.workflowId), ({ id }) => id === params.actionId),
  }),
  defineRoute({
    method: 'put',
    path: '/workflows/:workflowId/actions/:actionId',
    summary: 'Replace an action; its place stays, as do the actions of an arm for which none are given',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    body: placedActionRequestSchema,
    answer: actionNodeSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const edit = (current: WorkflowRequest) => replaceAction(current, params.actionId, body.action, placeOf(body));
      await editWorkflow(state.em, params.workflowId, edit, changeOf(request, services));
      services.onDefinitionChanged();
      return replyOf(await getActionNodes(state.em, params.workflowId), ({ id }) => id === params.actionId);
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/workflows/:workflowId/actions/:actionId',
    summary: 'Remove an action with those in its arms',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    status: 204,
    handle: async (request, services) => {
      const { params, state } = request;
      const edit = (current: WorkflowRequest) => removeAction(current, params.actionId);
      const { version } = await editWorkflow(state.em, params.workflowId, edit, changeOf(request, services));
      services.onDefinitionChanged();
      return { body: undefined, headers: { ETag: etagOf(version) } };
    },
  }),
];

const placeOf = (body: { parent_id: number | null; arm: string | null }) => ({ parentId: body.parent_id, arm: body.arm });

function replyOf(
  { version, actions }: { version: number; actions: readonly ActionNode[] },
  isIt: (action: ActionNode) => boolean,
): Reply<z.input<typeof actionNodeSchema>> {
  const action = actions.find(isIt);
  if (!action) throw notFound();
  return { body: action, headers: { ETag: etagOf(version) } };
}
