import type { SqlEntityManager } from '@mikro-orm/mysql';
import { Workflow } from '@millrace/db';
import type { CompleteAction, WorkflowRequest } from '@millrace/workflow';
import { z } from 'zod';
import { defineRoute, type Route } from '../route.ts';
import { getDefinition, requestOf } from '../version-repository.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { createWorkflow } from '../workflow-changes.ts';
import { getWorkflow } from '../workflow-repository.ts';
import { etagOf, workflowSchema } from '../workflow-view.ts';

const cloneRequestSchema = z.strictObject({
  /** `<name> (copy)` unless given. */
  name: z.string().trim().min(1).max(255).optional(),
  description: z.string().max(10_000).nullish(),
  enabled: z.boolean().default(false),
  /** The newest unless given. */
  version: z.number().int().positive().optional(),
});

/** `POST /workflows/{id}/clone`: a workflow of its own, with children of its own; disabled, so that nothing happens twice. */
export const workflowCloneRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/clone',
    summary: 'Copy a workflow; the copy is disabled unless asked for otherwise',
    role: 'editor',
    query: z.strictObject(changeParameters),
    body: cloneRequestSchema.prefault({}),
    status: 201,
    answer: workflowSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const { em, identity } = state;
      const original = await getWorkflow(em, params.workflowId);
      const version = body.version ?? original.version;
      const copied = requestOf(await getDefinition(em, params.workflowId, version));
      const change = changeOf(request, services);
      const clone = await createWorkflow(
        em,
        identity.tenantId,
        {
          ...withoutIds(copied),
          name: body.name ?? (await freeCopyName(em, original.name)),
          description: body.description === undefined ? copied.description : body.description,
          enabled: body.enabled,
        },
        { ...change, ifMatch: '', note: change.note ?? `copied from version ${version} of workflow ${original.id}` },
      );
      services.onDefinitionChanged();
      return { body: clone, headers: { ETag: etagOf(clone.version), Location: `/api/v1/workflows/${clone.id}` } };
    },
  }),
];

function withoutIds(workflow: WorkflowRequest): WorkflowRequest {
  const strip = (actions: CompleteAction[]): CompleteAction[] =>
    actions.map(({ id: _, ...action }) => ({ ...action, arms: action.arms.map((arm) => ({ ...arm, actions: strip(arm.actions) })) }));
  return { ...workflow, triggers: workflow.triggers.map(({ id: _, ...trigger }) => trigger), actions: strip(workflow.actions) };
}

/** `<name> (copy)`, or `(copy 2)` and so on where the tenant has that; what another request takes meanwhile is a 409. */
async function freeCopyName(em: SqlEntityManager, name: string): Promise<string> {
  const candidates = Array.from({ length: 50 }, (_, index) => copyName(name, index === 0 ? ' (copy)' : ` (copy ${index + 1})`));
  const taken = new Set((await em.find(Workflow, { name: { $in: candidates } }, { fields: ['name'] })).map((row) => row.name));
  return candidates.find((candidate) => !taken.has(candidate)) ?? (candidates[0] as string);
}

function copyName(name: string, suffix: string): string {
  return `${[...name].slice(0, 255 - suffix.length).join('')}${suffix}`;
}
