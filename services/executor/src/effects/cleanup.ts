import {
  addCleanupProgress,
  type Chunk,
  type Cursor,
  type Database,
  deleteHistory,
  deleteInstances,
  deleteTaskRuns,
  findCleanupProgress,
  inSteps,
  type OnDeleted,
  stepSizes,
  translateDatabaseError,
} from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import type { TaskConfigOf } from '@millrace/workflow';
import type { Effect } from './effect.ts';

const dayMs = 86_400_000;
const longestMs = 240_000;

/**
 * Deletes a tenant's old rows, chunk by chunk with rests, for some minutes at most: `complete` says whether all are gone. What is gone stays
 * gone, so a repeat goes on from there; `deleted` counts what all attempts of the run have deleted, each row once.
 */
export const cleanup =
  ({ database, stopping }: { database: Database; stopping: AbortSignal }): Effect<TaskConfigOf<'cleanup'>> =>
  async ({
    tenantId,
    actionKey,
    input: { target, older_than_days: days, statuses = [], workflow_id: workflowId = null },
    nowMs,
    signal,
  }) => {
    const [instanceId = ''] = actionKey.split('/');
    const retention = { tenantId, beforeMs: nowMs - days * dayMs, statuses, workflowId };
    const count: OnDeleted = (connection, deleted) => addCleanupProgress(connection, { instanceId, tenantId, deleted });
    const step = (from: Cursor | null): Promise<Chunk> => {
      if (target === 'instances') return deleteInstances(database, retention, from, stepSizes.instances, count);
      if (target === 'scheduled_executions') return deleteTaskRuns(database, retention, stepSizes.rows, count);
      return deleteHistory(database, target, retention, from, stepSizes.rows, count);
    };
    const ended = AbortSignal.any([stopping, signal]);
    const startedAt = performance.now();
    let complete = false;
    try {
      for await (const { isMore } of inSteps(step, ended)) {
        complete = !isMore;
        if (performance.now() - startedAt > longestMs) break;
      }
      if (!complete && ended.aborted) throw new RetryableError('interrupted', 'Expected to go on to the end, but was stopped before');
      const deleted = await findCleanupProgress(database.pool, instanceId);
      return { target, deleted, complete, before: new Date(retention.beforeMs).toISOString() };
    } catch (error) {
      throw translateDatabaseError(error);
    }
  };
