import type { SqlEntityManager } from '@mikro-orm/mysql';
import { parseJson, WorkflowVersion } from '@millrace/db';
import { nestActions, type WorkflowRequest, workflowRequestSchema } from '@millrace/workflow';
import type { StoredDefinition } from './definition.ts';
import type { Page } from './pagination.ts';
import { notFound } from './problem.ts';
import { validate } from './validation.ts';
import { requireWorkflow } from './workflow-repository.ts';

const withoutDefinition = ['workflowId', 'version', 'author', 'note', 'createdAt'] as const;

/** The versions of a workflow, the newest first, without their definitions. */
export async function listVersions(em: SqlEntityManager, workflowId: number, page: Page) {
  await requireWorkflow(em, workflowId);
  return em.findAndCount(WorkflowVersion, { workflowId }, { ...page, fields: [...withoutDefinition], orderBy: { version: 'desc' } });
}

/** Throws the 404 of a version or a workflow that isn't there. */
export async function getVersion(em: SqlEntityManager, workflowId: number, version: number): Promise<WorkflowVersion> {
  await requireWorkflow(em, workflowId);
  const row = await em.findOne(WorkflowVersion, { workflowId, version });
  if (!row) throw notFound();
  return row;
}

export async function getDefinition(em: SqlEntityManager, workflowId: number, version: number): Promise<StoredDefinition> {
  return parseJson<StoredDefinition>((await getVersion(em, workflowId, version)).definition);
}

/** What would have to be posted to get this definition. Throws a 422 where the checks of today refuse it. */
export function requestOf(definition: StoredDefinition): WorkflowRequest {
  const { name, description, enabled, on_disable, re_entry, cooldown_seconds, triggers, actions } = definition;
  const request = { name, description, enabled, on_disable, re_entry, cooldown_seconds, triggers, actions: nestActions(actions) };
  return validate(workflowRequestSchema, request);
}
