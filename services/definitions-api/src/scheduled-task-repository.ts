import type { SqlEntityManager } from '@mikro-orm/mysql';
import { isDuplicateKey, ScheduledTask, Workflow } from '@millrace/db';
import type { ScheduledTaskRequest } from '@millrace/workflow';
import type { Page } from './pagination.ts';
import { invalid, Problem } from './problem.ts';

/** Saves a task. 422 where its workflow isn't the tenant's, 409 `name_taken` where another task has its name. */
export async function createScheduledTask(
  em: SqlEntityManager,
  tenantId: string,
  request: ScheduledTaskRequest,
  { userId, at }: { userId: string | null; at: Date },
): Promise<ScheduledTask> {
  const workflowId = Number(request.config.workflow_id);
  if (!(await em.findOne(Workflow, { id: workflowId, deletedAt: null }, { fields: ['id'] }))) {
    throw invalid([
      { path: 'config.workflow_id', code: 'unknown_id', message: `Expected a workflow of the tenant, but ${workflowId} is none` },
    ]);
  }
  const row = em.create(ScheduledTask, {
    tenantId,
    name: request.name,
    type: request.type,
    config: { ...request.config },
    schedule: request.schedule,
    timezone: request.timezone,
    enabled: request.enabled,
    overlapPolicy: request.overlap_policy,
    misfirePolicy: request.misfire_policy,
    misfireMax: request.misfire_max ?? null,
    catchUpWindowSeconds: request.catch_up_window_seconds,
    jitterSeconds: request.jitter_seconds,
    startAt: dateOrNull(request.start_at),
    endAt: dateOrNull(request.end_at),
    maxRetries: request.max_retries,
    retryDelaySeconds: request.retry_delay_seconds,
    dst: request.dst ? { ...request.dst } : null,
    revision: 1,
    workflowId,
    createdBy: userId,
    createdAt: at,
    updatedAt: at,
    lastRunAt: null,
    nextRunAt: null,
    computedRevision: null,
    state: 'active',
    stateReason: null,
  });
  try {
    await em.flush();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new Problem(409, 'name_taken', 'Expected a name that no other scheduled task of the tenant has, but it is taken', {
      errors: [{ path: 'name', code: 'name_taken', message: 'Expected a name that is free, but another scheduled task has it' }],
    });
  }
  return row;
}

export function findScheduledTask(em: SqlEntityManager, id: number): Promise<ScheduledTask | null> {
  return em.findOne(ScheduledTask, { id });
}

export function listScheduledTasks(em: SqlEntityManager, { limit, offset }: Page): Promise<[ScheduledTask[], number]> {
  return em.findAndCount(ScheduledTask, {}, { limit, offset, orderBy: { createdAt: 'desc', id: 'desc' } });
}

/** Whether there was one. */
export async function deleteScheduledTask(em: SqlEntityManager, id: number): Promise<boolean> {
  return (await em.nativeDelete(ScheduledTask, { id })) > 0;
}

function dateOrNull(value: string | Date | null | undefined): Date | null {
  return value === null || value === undefined ? null : new Date(value);
}
