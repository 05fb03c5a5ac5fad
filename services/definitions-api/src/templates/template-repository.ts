import { type FilterQuery, LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, WorkflowTemplate } from '@millrace/db';
import type { Page } from '../pagination.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { type Identity, roles } from '../state.ts';
import { ifMatchAllows } from '../workflow-view.ts';
import { faultsOfTemplate, type TemplateRequest } from './template-request.ts';
import { builtInTenant } from './template-view.ts';

export interface TemplateFilter {
  category?: string | undefined;
  isBuiltIn?: boolean | undefined;
}

/** The templates that someone may see: built-in ones, the tenant's public ones and their own; an admin sees all of the tenant's. */
function visibleTo({ role, userId }: Identity): FilterQuery<WorkflowTemplate> {
  return role === roles.at(-1) ? {} : { $or: [{ isPublic: true }, { createdBy: userId }] };
}

export function listTemplates(
  em: SqlEntityManager,
  identity: Identity,
  { category, isBuiltIn }: TemplateFilter,
  page: Page,
): Promise<[WorkflowTemplate[], number]> {
  const ofTenant = isBuiltIn === undefined ? {} : { tenantId: isBuiltIn ? builtInTenant : { $ne: builtInTenant } };
  const where = { $and: [visibleTo(identity), ofTenant, category === undefined ? {} : { category }] };
  return em.findAndCount(WorkflowTemplate, where, { ...page, orderBy: { name: 'asc', id: 'asc' } });
}

/** Throws the 404 of a template that isn't there, or not for them. */
export async function getTemplate(em: SqlEntityManager, identity: Identity, id: number): Promise<WorkflowTemplate> {
  const row = await em.findOne(WorkflowTemplate, { $and: [{ id }, visibleTo(identity)] });
  if (!row) throw notFound();
  return row;
}

/** Saves a template. 422 where its definition doesn't hold, 409 `name_taken` where another of the tenant's has its name. */
export async function createTemplate(
  em: SqlEntityManager,
  { tenantId, userId }: Identity,
  request: TemplateRequest,
  at: Date,
): Promise<WorkflowTemplate> {
  const row = em.create(WorkflowTemplate, { tenantId, ...valuesOf(request), createdBy: userId, createdAt: at, updatedAt: at });
  await flush(em);
  return row;
}

export interface TemplateChange {
  ifMatch: string;
  at: Date;
}

export function replaceTemplate(
  em: SqlEntityManager,
  identity: Identity,
  id: number,
  request: TemplateRequest,
  change: TemplateChange,
): Promise<WorkflowTemplate> {
  return em.transactional(async (rows) => {
    const row = await lockOwn(rows as SqlEntityManager, identity, id, change);
    // The time is the tag: it must move on.
    Object.assign(row, valuesOf(request), { updatedAt: new Date(Math.max(change.at.getTime(), row.updatedAt.getTime() + 1)) });
    await flush(rows as SqlEntityManager);
    return row;
  });
}

export function deleteTemplate(em: SqlEntityManager, identity: Identity, id: number, change: TemplateChange): Promise<void> {
  return em.transactional(async (rows) => {
    const row = await lockOwn(rows as SqlEntityManager, identity, id, change);
    await rows.nativeDelete(WorkflowTemplate, { id: row.id });
  });
}

/** A template that they may change. The tenant filter lets built-in ones through, so that it is asked for here. */
async function lockOwn(rows: SqlEntityManager, identity: Identity, id: number, { ifMatch }: TemplateChange): Promise<WorkflowTemplate> {
  const where = { $and: [{ id }, visibleTo(identity)] };
  const row = await rows.findOne(WorkflowTemplate, where, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!row) throw notFound();
  if (row.tenantId !== identity.tenantId) {
    throw new Problem(403, 'template_built_in', 'Expected a template of the tenant, but this one comes with the product');
  }
  if (identity.role !== roles.at(-1) && row.createdBy !== identity.userId) {
    throw new Problem(403, 'forbidden', 'Expected the creator of the template or an admin, but it is someone else');
  }
  if (!ifMatchAllows(ifMatch, row.updatedAt.getTime())) {
    throw new Problem(412, 'version_changed', `Expected the tag named in If-Match, but the template is at "${row.updatedAt.getTime()}"`);
  }
  return row;
}

function valuesOf(request: TemplateRequest) {
  const faults = faultsOfTemplate(request);
  if (faults.length > 0) throw invalid(faults);
  return {
    name: request.name,
    description: request.description ?? null,
    category: request.category,
    isPublic: request.is_public,
    parameters: request.parameters,
    definition: request.definition,
  };
}

async function flush(em: SqlEntityManager): Promise<void> {
  try {
    await em.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other template of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another template has it' }],
    });
  }
}
