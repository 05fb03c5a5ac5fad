import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { InstanceRow } from './instance-row.ts';

/** A compare-and-set: `row` replaces the stored one only where that still has `expectedRowVersion`. */
export interface InstanceUpdate {
  row: InstanceRow;
  expectedRowVersion: number;
  /** What of the row's journal follows the stored one without its last bracket: a journal only grows. */
  journalTail: string;
}

/**
 * Compares and sets instances in one statement, joined on id and row_version, sorted by id. A row that is gone stays gone.
 * row_version always changes, so with -FOUND_ROWS the answer is the number of updates that won. Columns that never
 * change after the insert (tenant, workflow, entity, origin) are not written, and of the journal only what is new.
 */
export async function updateInstances(pool: Pool, updates: readonly InstanceUpdate[], writer: string, nowMs: number): Promise<number> {
  if (updates.length === 0) return 0;
  const sorted = [...updates].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  const [result] = await pool.query<ResultSetHeader>(
    `UPDATE workflow_instances AS i
       JOIN (${sorted.map(select).join(' UNION ALL ')}) AS c ON i.id = c.id AND i.row_version = c.expected
        SET i.workflow_version = c.workflow_version, i.status = c.status, i.progress = c.progress,
            i.executed_actions = c.executed_actions, i.failed_actions = c.failed_actions, i.row_version = c.row_version,
            i.journal = CONCAT(LEFT(i.journal, LENGTH(i.journal) - 1), c.journal_tail), i.published_seq = c.published_seq, i.wake_at = c.wake_at, i.waiting_for = c.waiting_for,
            i.inbox = c.inbox, i.started_at = c.started_at, i.completed_at = c.completed_at,
            i.writer = ${hexLiteral(writer)}, i.updated_at = ${timeLiteral(nowMs)}`,
  );
  return result.affectedRows;
}

function select({ row, expectedRowVersion, journalTail }: InstanceUpdate): string {
  return `SELECT ${hexLiteral(row.id)} AS id, ${integerLiteral(expectedRowVersion)} AS expected,
    ${integerLiteral(row.workflowVersion)} AS workflow_version, ${textLiteral(row.status)} AS status, ${integerLiteral(row.progress)} AS progress,
    ${integerLiteral(row.executedActions)} AS executed_actions, ${integerLiteral(row.failedActions)} AS failed_actions,
    ${integerLiteral(row.rowVersion)} AS row_version, ${textLiteral(journalTail)} AS journal_tail, ${integerLiteral(row.publishedSeq)} AS published_seq,
    ${timeLiteral(row.wakeAtMs)} AS wake_at, ${textLiteral(row.waitingFor)} AS waiting_for, ${textLiteral(row.inbox)} AS inbox,
    ${timeLiteral(row.startedAtMs)} AS started_at, ${timeLiteral(row.completedAtMs)} AS completed_at`;
}
