import { type Cursor, type Database, deleteHistory, deleteInstances, type HistoryTable } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import type { TaskConfigOf } from '@millrace/workflow';
import type { Effect } from './effect.ts';

const dayMs = 86_400_000;
/** Small enough that no lock lasts 100 ms. */
const chunk = { instances: 200, rows: 1_000 };
const longestMs = 240_000;
const ended = ['completed', 'failed', 'cancelled'];

/**
 * Deletes a tenant's old rows, chunk by chunk, for some minutes at most: `complete` says whether any are left. What is gone stays gone, so a
 * repeat goes on from there.
 */
export const cleanup =
  ({ database, stopping }: { database: Database; stopping: AbortSignal }): Effect<TaskConfigOf<'cleanup'>> =>
  async ({ tenantId, input, nowMs }) => {
    const statuses = input.statuses ?? (input.target === 'instances' ? ended : []);
    const retention = {
      tenantId,
      beforeMs: nowMs - input.older_than_days * dayMs,
      statuses: input.target === 'instances' ? statuses.filter((status) => ended.includes(status)) : statuses,
      workflowId: input.workflow_id ?? null,
    };
    const startedAt = performance.now();
    const step =
      input.target === 'instances'
        ? (at: unknown) => deleteInstances(database, retention, at as Cursor | null, chunk.instances)
        : (at: unknown) => deleteHistory(database.pool, input.target as HistoryTable, retention, (at as number | null) ?? 0, chunk.rows);
    let deleted = 0;
    let at: Cursor | number | null = null;
    do {
      if (stopping.aborted) throw new RetryableError('stopping', `Expected to go on, but the executor stops after ${deleted} rows`);
      const done: { deleted: number; next: Cursor | number | null } = await step(at);
      deleted += done.deleted;
      at = done.next;
    } while (at !== null && performance.now() - startedAt < longestMs);
    return { target: input.target, deleted, complete: at === null, before: new Date(retention.beforeMs).toISOString() };
  };
