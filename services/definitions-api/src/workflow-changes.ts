import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, parseJson, WorkflowVersion as VersionRow, Workflow } from '@millrace/db';
import type { WorkflowRequest } from '@millrace/workflow';
import { findCycleWarnings } from './cycle-warnings.ts';
import { createDefinition, type DefinitionHeader, type StoredDefinition, treeOf } from './definition.ts';
import { notFound, Problem } from './problem.ts';
import { referencesOfWorkflow, requireReferences } from './references.ts';
import { requireSecrets, secretsOfActions } from './secret-references.ts';
import { getTenantLimits, requireRoomForWorkflow, requireWithinLimits } from './tenant-limits.ts';
import type { Change } from './workflow-change.ts';
import { saveActions, saveTriggers } from './workflow-children.ts';
import { getWorkflow } from './workflow-repository.ts';
import { ifMatchAllows, type WorkflowView } from './workflow-view.ts';

/** Saves a new workflow as version 1. 409 `name_taken` where the tenant has one of that name. */
export function createWorkflow(em: SqlEntityManager, tenantId: string, request: WorkflowRequest, change: Change): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    await requireRoomForWorkflow(rows, await getTenantLimits(rows));
    const row = rows.create(Workflow, {
      tenantId,
      ...headerOf(request),
      version: 1,
      createdBy: change.userId,
      publishedAt: null,
      deletedAt: null,
      tombstonedAt: null,
      createdAt: change.at,
      updatedAt: change.at,
    });
    await rows.flush();
    await saveVersion(rows, row, request, change, null);
    return withWarnings(rows, row.id, request);
  });
}

export interface EditOptions {
  /** Whether children that were removed may come back under their ids. */
  revives?: boolean;
}

/**
 * Makes the next version of what `edit` makes of the present one. Children with an id keep it, those without are new, absent ones are
 * removed. One change at a time: `edit` sees what the one before it left. What it throws undoes all.
 */
export function editWorkflow(
  em: SqlEntityManager,
  id: number,
  edit: (current: WorkflowRequest) => WorkflowRequest | Promise<WorkflowRequest>,
  change: Change,
  { revives = false }: EditOptions = {},
): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    const current = await definitionOf(rows, row);
    const request = await edit({ ...headerOfRow(row), triggers: current.triggers, actions: treeOf(current.actions) } as WorkflowRequest);
    Object.assign(row, headerOf(request));
    await nextVersion(rows, row, change);
    await saveVersion(rows, row, request, change, current, { revives });
    return withWarnings(rows, id, request);
  });
}

/** Switches a workflow on or off. What it is already makes no new version. */
export function enableWorkflow(
  em: SqlEntityManager,
  id: number,
  request: { enabled: boolean; on_disable?: string | undefined },
  change: Change,
): Promise<WorkflowView> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    const onDisable = request.on_disable ?? row.onDisable;
    if (row.enabled !== request.enabled || row.onDisable !== onDisable) {
      const definition = await definitionOf(rows, row);
      row.enabled = request.enabled;
      row.onDisable = onDisable;
      await nextVersion(rows, row, change);
      await recordVersion(rows, row, { ...definition, ...headerOfRow(row) }, change, request.enabled ? 'enabled' : 'disabled');
    }
    return getWorkflow(rows, id);
  });
}

/** Marks a workflow as deleted and frees its name, at once; its rows stay as long as instances refer to them. */
export function deleteWorkflow(em: SqlEntityManager, id: number, change: Change): Promise<void> {
  return inTransaction(em, async (rows) => {
    const row = await lockWorkflow(rows, id, change);
    const definition = await definitionOf(rows, row);
    row.name = freedName(row.name, row.id);
    row.enabled = false;
    row.deletedAt = change.at;
    await nextVersion(rows, row, change);
    await recordVersion(rows, row, { ...definition, ...headerOfRow(row) }, change, 'deleted');
  });
}

/** A name that no request can have, as names are trimmed: ` <name>#<id>`, cut so that it fits the column. */
export function freedName(name: string, id: number): string {
  const suffix = `#${id}`;
  return ` ${[...name].slice(0, 254 - suffix.length).join('')}${suffix}`;
}

async function withWarnings(rows: SqlEntityManager, id: number, request: WorkflowRequest): Promise<WorkflowView> {
  const [workflow, warnings] = [await getWorkflow(rows, id), await findCycleWarnings(rows, id, request)];
  return warnings.length === 0 ? workflow : { ...workflow, warnings };
}

async function lockWorkflow(rows: SqlEntityManager, id: number, { ifMatch }: Change): Promise<Workflow> {
  const row = await rows.findOne(Workflow, { id, deletedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!row) throw notFound();
  if (!ifMatchAllows(ifMatch, row.version)) {
    throw new Problem(412, 'version_changed', `Expected the version named in If-Match, but the workflow is at "${row.version}"`);
  }
  return row;
}

async function nextVersion(rows: SqlEntityManager, row: Workflow, { at }: Change): Promise<void> {
  row.version += 1;
  row.publishedAt = null;
  row.updatedAt = at;
  await rows.flush();
}

async function saveVersion(
  rows: SqlEntityManager,
  row: Workflow,
  request: WorkflowRequest,
  change: Change,
  previous: StoredDefinition | null,
  { revives = false }: EditOptions = {},
): Promise<void> {
  await requireReferences(rows, referencesOfWorkflow(request));
  await requireSecrets(rows, secretsOfActions(request.actions));
  const triggers = await saveTriggers(rows, row, request.triggers, { at: change.at, revives });
  const actions = await saveActions(rows, row, request.actions, { at: change.at, revives });
  const definition = createDefinition(headerOfRow(row), triggers, actions, previous);
  requireWithinLimits(definition, await getTenantLimits(rows));
  await recordVersion(rows, row, definition, change);
}

/** The version's row, and the mark that has the relay publish it. The mark is the version: it never comes twice. */
async function recordVersion(
  rows: SqlEntityManager,
  row: Workflow,
  definition: StoredDefinition,
  change: Change,
  note: string | null = null,
): Promise<void> {
  await rows.insert(VersionRow, {
    workflowId: row.id,
    version: row.version,
    tenantId: row.tenantId,
    definition: definition as unknown as Record<string, unknown>,
    author: change.userId,
    note: change.note ?? note,
    createdAt: change.at,
  });
  await rows.execute(
    'insert into outbox_messages (workflow_id, tenant_id, mark) values (?, ?, ?) on duplicate key update mark = values(mark)',
    [row.id, row.tenantId, row.version],
  );
}

async function definitionOf(rows: SqlEntityManager, row: Workflow): Promise<StoredDefinition> {
  const version = await rows.findOneOrFail(VersionRow, { workflowId: row.id, version: row.version });
  return parseJson<StoredDefinition>(version.definition);
}

function headerOf(request: WorkflowRequest) {
  return {
    name: request.name,
    description: request.description,
    enabled: request.enabled,
    onDisable: request.on_disable,
    reEntry: request.re_entry,
    cooldownSeconds: request.cooldown_seconds,
  };
}

function headerOfRow(row: Workflow): DefinitionHeader {
  return {
    id: row.id,
    tenant_id: row.tenantId,
    version: row.version,
    name: row.name,
    description: row.description ?? null,
    enabled: row.enabled,
    on_disable: row.onDisable as DefinitionHeader['on_disable'],
    re_entry: row.reEntry as DefinitionHeader['re_entry'],
    cooldown_seconds: row.cooldownSeconds ?? null,
  };
}

async function inTransaction<T>(em: SqlEntityManager, work: (rows: SqlEntityManager) => Promise<T>): Promise<T> {
  try {
    return await em.transactional((rows) => work(rows as SqlEntityManager));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other workflow of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another workflow has it' }],
    });
  }
}
