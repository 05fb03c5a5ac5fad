import {
  type Chunk,
  type Cursor,
  type Database,
  deleteHistory,
  deleteInstances,
  deleteTaskRuns,
  translateDatabaseError,
} from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import type { TaskConfigOf } from '@millrace/workflow';
import type { Effect } from './effect.ts';

const dayMs = 86_400_000;
/** Small enough that no lock lasts 100 ms. */
const chunk = { instances: 60, rows: 500 };
const longestMs = 240_000;

/**
 * Deletes a tenant's old rows, chunk by chunk, for some minutes at most: `complete` says whether all are gone. What is gone stays gone, so a
 * repeat goes on from there.
 */
export const cleanup =
  ({ database, stopping }: { database: Database; stopping: AbortSignal }): Effect<TaskConfigOf<'cleanup'>> =>
  async ({ tenantId, input: { target, older_than_days: days, statuses = [], workflow_id: workflowId = null }, nowMs, signal }) => {
    const { pool } = database;
    const retention = { tenantId, beforeMs: nowMs - days * dayMs, statuses, workflowId };
    const step = (from: Cursor | null): Promise<Chunk> => {
      if (target === 'instances') return deleteInstances(database, retention, from, chunk.instances);
      if (target === 'scheduled_executions') return deleteTaskRuns(pool, retention, chunk.rows);
      return deleteHistory(pool, target, retention, from, chunk.rows);
    };
    const startedAt = performance.now();
    let done: Chunk = { deleted: 0, next: null, isMore: true };
    let deleted = 0;
    while (done.isMore && performance.now() - startedAt < longestMs) {
      if (stopping.aborted || signal.aborted)
        throw new RetryableError('interrupted', `Expected to go on, but was stopped after ${deleted} rows`);
      done = await step(done.next).catch((error: unknown) => {
        throw translateDatabaseError(error);
      });
      deleted += done.deleted;
    }
    return { target, deleted, complete: !done.isMore, before: new Date(retention.beforeMs).toISOString() };
  };
