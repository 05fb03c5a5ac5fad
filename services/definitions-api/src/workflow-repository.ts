import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, parseJson, WorkflowVersion as VersionRow, Workflow } from '@millrace/db';
import type { WorkflowRequest } from '@millrace/workflow';
import { createDefinition, type WorkflowVersion } from './definition.ts';
import type { Page } from './pagination.ts';
import { notFound, Problem } from './problem.ts';
import type { Change } from './workflow-change.ts';
import { saveActions, saveTriggers } from './workflow-children.ts';
import { ifMatchAllows, type WorkflowView, workflowView } from './workflow-view.ts';

type Rows = SqlEntityManager;

export async function findWorkflow(em: Rows, id: number): Promise<WorkflowView | null> {
  const row = await em.findOne(Workflow, { id, deletedAt: null });
  if (!row) return null;
  return workflowView(row, await definitionOf(em, row));
}

/** Throws the 404 of a workflow that isn't there. */
export async function requireWorkflow(em: Rows, id: number): Promise<void> {
  if (!(await em.findOne(Workflow, { id, deletedAt: null }, { fields: ['id'] }))) throw notFound();
}

export async function listWorkflows(em: Rows, { limit, offset }: Page): Promise<{ items: WorkflowView[]; total: number }> {
  const [rows, total] = await em.findAndCount(Workflow, { deletedAt: null }, { limit, offset, orderBy: { createdAt: 'desc', id: 'desc' } });
  if (rows.length === 0) return { items: [], total };
  const versions = await em.find(VersionRow, { $or: rows.map((row) => ({ workflowId: row.id, version: row.version })) });
  const definitions = new Map(versions.map((version) => [Number(version.workflowId), version.definition as unknown as WorkflowVersion]));
  return { items: rows.map((row) => workflowView(row, definitions.get(row.id) ?? { triggers: [], actions: [] })), total };
}

/** Saves a new workflow as version 1. 409 `name_taken` where the tenant has one of that name. */
export function createWorkflow(em: Rows, tenantId: string, request: WorkflowRequest, change: Change): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    const row = rows.create(Workflow, {
      tenantId,
      ...headerOf(request),
      version: 1,
      createdBy: change.userId,
      publishedAt: null,
      deletedAt: null,
      createdAt: change.at,
      updatedAt: change.at,
    });
    await rows.flush();
    return saveVersion(rows, row, request, change);
  });
}

/** Replaces the definition by the request: children with an id keep it, those without are new, absent ones are removed. */
export function replaceWorkflow(em: Rows, id: number, request: WorkflowRequest, change: Change): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    Object.assign(row, headerOf(request));
    await nextVersion(rows, row, change);
    return saveVersion(rows, row, request, change);
  });
}

/** Switches a workflow on or off. What it is already makes no new version. */
export function enableWorkflow(
  em: Rows,
  id: number,
  request: { enabled: boolean; on_disable?: string | undefined },
  change: Change,
): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    const definition = await definitionOf(rows, row);
    const onDisable = request.on_disable ?? row.onDisable;
    if (row.enabled === request.enabled && row.onDisable === onDisable) return workflowView(row, definition);
    row.enabled = request.enabled;
    row.onDisable = onDisable;
    await nextVersion(rows, row, change);
    await recordVersion(rows, row, { ...definition, ...versionHeader(row) }, change);
    return workflowView(row, definition);
  });
}

/** Marks a workflow as deleted and frees its name, at once; its rows stay as long as instances refer to them. */
export function deleteWorkflow(em: Rows, id: number, change: Change): Promise<void> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    const definition = await definitionOf(rows, row);
    row.name = freedName(row.name, row.id);
    row.enabled = false;
    row.deletedAt = change.at;
    await nextVersion(rows, row, change);
    await recordVersion(rows, row, { ...definition, ...versionHeader(row) }, change, 'deleted');
  });
}

/** `<name>#<id>`, cut so that it fits the column. */
export function freedName(name: string, id: number): string {
  const suffix = `#${id}`;
  return `${[...name].slice(0, 255 - suffix.length).join('')}${suffix}`;
}

async function lockWorkflow(rows: Rows, id: number, { ifMatch }: Change): Promise<Workflow> {
  const row = await rows.findOne(Workflow, { id, deletedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!row) throw notFound();
  if (!ifMatchAllows(ifMatch, row.version)) {
    throw new Problem(412, 'version_changed', `Expected the version named in If-Match, but the workflow is at "${row.version}"`);
  }
  return row;
}

async function nextVersion(rows: Rows, row: Workflow, { at }: Change): Promise<void> {
  row.version += 1;
  row.publishedAt = null;
  row.updatedAt = at;
  await rows.flush();
}

async function saveVersion(rows: Rows, row: Workflow, request: WorkflowRequest, change: Change): Promise<WorkflowView> {
  const triggers = await saveTriggers(rows, row, request.triggers, change.at);
  const actions = await saveActions(rows, row, request.actions, change.at);
  const previous = row.version === 1 ? null : await definitionAt(rows, row.id, row.version - 1);
  const definition = createDefinition(versionHeader(row), triggers, actions, previous);
  await recordVersion(rows, row, definition, change);
  return workflowView(row, definition);
}

/** The version's row, and the mark that has the relay publish it. The mark is the version: it never comes twice. */
async function recordVersion(
  rows: Rows,
  row: Workflow,
  definition: WorkflowVersion,
  change: Change,
  note: string | null = null,
): Promise<void> {
  await rows.insert(VersionRow, {
    workflowId: row.id,
    version: row.version,
    tenantId: row.tenantId,
    definition: definition as unknown as Record<string, unknown>,
    author: change.userId,
    note,
    createdAt: change.at,
  });
  await rows.execute(
    'insert into outbox_messages (workflow_id, tenant_id, mark) values (?, ?, ?) on duplicate key update mark = values(mark)',
    [row.id, row.tenantId, row.version],
  );
}

function definitionOf(rows: Rows, row: Workflow): Promise<WorkflowVersion> {
  return definitionAt(rows, row.id, row.version);
}

async function definitionAt(rows: Rows, workflowId: number, version: number): Promise<WorkflowVersion> {
  const row = await rows.findOneOrFail(VersionRow, { workflowId, version });
  return parseJson<WorkflowVersion>(row.definition);
}

function headerOf(request: WorkflowRequest) {
  return {
    name: request.name,
    description: request.description ?? null,
    enabled: request.enabled,
    onDisable: request.on_disable,
    reEntry: request.re_entry,
    cooldownSeconds: request.cooldown_seconds ?? null,
  };
}

function versionHeader(row: Workflow) {
  return {
    id: row.id,
    tenant_id: row.tenantId,
    version: row.version,
    name: row.name,
    enabled: row.enabled,
    on_disable: row.onDisable as WorkflowVersion['on_disable'],
    re_entry: row.reEntry as WorkflowVersion['re_entry'],
    cooldown_seconds: row.cooldownSeconds ?? null,
  };
}

async function inTransaction<T>(em: Rows, work: (rows: Rows) => Promise<T>): Promise<T> {
  try {
    return await em.transactional((rows) => work(rows as Rows));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other workflow of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another workflow has it' }],
    });
  }
}
