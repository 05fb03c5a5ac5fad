import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, ScheduledTask, ScheduledTaskExecution } from '@millrace/db';
import type { ScheduledTaskRequest } from '@millrace/workflow';
import type { Page } from './pagination.ts';
import { notFound, Problem } from './problem.ts';
import { referencesOfTask, requireReferences } from './references.ts';
import { requireSecrets, secretsOfTask } from './secret-references.ts';
import { ifMatchAllows } from './workflow-view.ts';

/** Saves a task. 422 where a workflow that it names isn't the tenant's, 409 `name_taken` where another task has its name. */
export async function createScheduledTask(
  em: SqlEntityManager,
  tenantId: string,
  request: ScheduledTaskRequest,
  { userId, at }: { userId: string | null; at: Date },
): Promise<ScheduledTask> {
  await requireReferences(em, referencesOfTask(request));
  await requireSecrets(em, secretsOfTask(request));
  const row = em.create(ScheduledTask, {
    tenantId,
    ...valuesOf(request),
    revision: 1,
    createdBy: userId,
    createdAt: at,
    updatedAt: at,
    lastRunAt: null,
    nextRunAt: null,
    computedRevision: null,
    state: 'active',
    stateReason: null,
  });
  await flush(em);
  return row;
}

/** Replaces a task by the request, at the next revision: the scheduler computes anew when it runs. */
export function replaceScheduledTask(
  em: SqlEntityManager,
  id: number,
  request: ScheduledTaskRequest,
  { ifMatch, at }: { ifMatch: string; at: Date },
): Promise<ScheduledTask> {
  return em.transactional(async (rows) => {
    const row = await lockScheduledTask(rows as SqlEntityManager, id, ifMatch);
    await requireReferences(rows as SqlEntityManager, referencesOfTask(request));
    await requireSecrets(rows as SqlEntityManager, secretsOfTask(request));
    Object.assign(row, valuesOf(request), { revision: row.revision + 1, updatedAt: at });
    await flush(rows as SqlEntityManager);
    return row;
  });
}

export async function getScheduledTask(em: SqlEntityManager, id: number): Promise<ScheduledTask> {
  const row = await em.findOne(ScheduledTask, { id });
  if (!row) throw notFound();
  return row;
}

export interface TaskFilter {
  type?: string | undefined;
  enabled?: boolean | undefined;
}

export function listScheduledTasks(em: SqlEntityManager, filter: TaskFilter, page: Page): Promise<[ScheduledTask[], number]> {
  const where = {
    ...(filter.type === undefined ? {} : { type: filter.type }),
    ...(filter.enabled === undefined ? {} : { enabled: filter.enabled }),
  };
  return em.findAndCount(ScheduledTask, where, { ...page, orderBy: { createdAt: 'desc', id: 'desc' } });
}

/** Deletes a task with its history. */
export function deleteScheduledTask(em: SqlEntityManager, id: number, ifMatch: string): Promise<void> {
  return em.transactional(async (rows) => {
    await lockScheduledTask(rows as SqlEntityManager, id, ifMatch);
    await rows.nativeDelete(ScheduledTask, { id });
  });
}

/** What became of a task's occurrences, the last due first; also those that were skipped. */
export function listTaskExecutions(
  em: SqlEntityManager,
  taskId: number,
  status: string | undefined,
  page: Page,
): Promise<[ScheduledTaskExecution[], number]> {
  const where = { taskId, ...(status === undefined ? {} : { status }) };
  return em.findAndCount(ScheduledTaskExecution, where, { ...page, orderBy: { scheduledFor: 'desc' } });
}

async function lockScheduledTask(rows: SqlEntityManager, id: number, ifMatch: string): Promise<ScheduledTask> {
  const row = await rows.findOne(ScheduledTask, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!row) throw notFound();
  if (!ifMatchAllows(ifMatch, row.revision)) {
    throw new Problem(412, 'version_changed', `Expected the revision named in If-Match, but the task is at "${row.revision}"`);
  }
  return row;
}

function valuesOf(request: ScheduledTaskRequest) {
  return {
    name: request.name,
    type: request.type,
    config: { ...request.config },
    schedule: request.schedule,
    timezone: request.timezone,
    enabled: request.enabled,
    overlapPolicy: request.overlap_policy,
    misfirePolicy: request.misfire_policy,
    misfireMax: request.misfire_max,
    catchUpWindowSeconds: request.catch_up_window_seconds,
    jitterSeconds: request.jitter_seconds,
    startAt: dateOrNull(request.start_at),
    endAt: dateOrNull(request.end_at),
    maxRetries: request.max_retries,
    retryDelaySeconds: request.retry_delay_seconds,
    dst: request.dst ? { ...request.dst } : null,
    workflowId: request.type === 'workflow' ? Number(request.config.workflow_id) : null,
  };
}

async function flush(em: SqlEntityManager): Promise<void> {
  try {
    await em.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other scheduled task of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another scheduled task has it' }],
    });
  }
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
