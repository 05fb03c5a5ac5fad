import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** What the scheduler has decided about a task, valid only while the task still is as it was read. */
export interface TaskAdvance {
  id: number;
  /** As read. */
  revision: number;
  seenNextRunAtMs: number | null;
  nextRunAtMs: number | null;
  nextJitterMs: number;
  lastRunAtMs: number | null;
  state: string;
  stateReason: string | null;
}

/**
 * Compares and sets the scheduler's columns of tasks in one statement, joined on id, revision and the next_run_at that was
 * read: of two schedulers one wins, and an edit in between makes both lose. Answers the rows changed.
 */
export async function advanceTasks(pool: Pool, advances: readonly TaskAdvance[]): Promise<number> {
  if (advances.length === 0) return 0;
  const sorted = [...advances].sort((a, b) => a.id - b.id);
  const [result] = await pool.query<ResultSetHeader>(
    `UPDATE scheduled_tasks AS t
       JOIN (${sorted.map(select).join(' UNION ALL ')}) AS c
         ON t.id = c.id AND t.revision = c.revision AND t.next_run_at <=> CAST(c.seen_next_run_at AS DATETIME(3))
        SET t.next_run_at = c.next_run_at, t.next_jitter_ms = c.next_jitter_ms, t.last_run_at = c.last_run_at, t.computed_revision = c.revision, t.state = c.state,
            t.state_reason = c.state_reason`,
  );
  return result.affectedRows;
}

function select(advance: TaskAdvance): string {
  return `SELECT ${integerLiteral(advance.id)} AS id, ${integerLiteral(advance.revision)} AS revision,
    ${timeLiteral(advance.seenNextRunAtMs)} AS seen_next_run_at, ${timeLiteral(advance.nextRunAtMs)} AS next_run_at, ${integerLiteral(advance.nextJitterMs)} AS next_jitter_ms,
    ${timeLiteral(advance.lastRunAtMs)} AS last_run_at, ${textLiteral(advance.state)} AS state,
    ${textLiteral(advance.stateReason)} AS state_reason`;
}
