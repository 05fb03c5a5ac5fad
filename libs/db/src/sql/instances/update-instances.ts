import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { InstanceRow } from './instance-row.ts';

/** A compare-and-set: `row` replaces the stored one only where that has the row_version before. */
export interface InstanceUpdate {
  row: InstanceRow;
  /** What of the row's journal follows the stored one without its last bracket: a journal only grows. */
  journalTail: string;
}

/** Belongs to no workflow. */
const noWorkflow = 0;

/**
 * Compares and sets instances in one statement, sorted by id, and answers how many won. Columns that never change after the insert are not
 * written, and of the journal only what is new. A row that is gone stays gone, and none is written then: rejected with what `isMissingReference`
 * knows, as what would be inserted in its place belongs to no workflow.
 *
 * An upsert that never inserts, as the statement that updates many rows by a join copies them all into temporary tables first: a quarter dearer.
 */
export async function updateInstances(pool: Pool, updates: readonly InstanceUpdate[], writer: string, nowMs: number): Promise<number> {
  if (updates.length === 0) return 0;
  const sorted = [...updates].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  const [result] = await pool.query<ResultSetHeader>(
    `INSERT INTO workflow_instances (created_at, id, workflow_id, tenant_id, entity_type, entity_id, triggered_by, triggered_by_value, ${columnList})
     VALUES ${sorted.map((update) => values(update, writer, nowMs)).join(',')}
     ON DUPLICATE KEY UPDATE ${assignments}`,
  );
  // A row that is changed counts as two, one that isn't as none: docs of MySQL, "INSERT ... ON DUPLICATE KEY UPDATE".
  return result.affectedRows / 2;
}

/** Assigned in this order: row_version last, as the others compare with it. */
const columns = [
  'workflow_version',
  'status',
  'progress',
  'executed_actions',
  'failed_actions',
  'journal',
  'published_seq',
  'wake_at',
  'waiting_for',
  'inbox',
  'started_at',
  'completed_at',
  'writer',
  'updated_at',
  'row_version',
];
const columnList = columns.join(', ');
const assignments = columns.map(assignment).join(', ');

function values({ row, journalTail }: InstanceUpdate, writer: string, nowMs: number): string {
  return `(${[
    timeLiteral(row.createdAtMs),
    hexLiteral(row.id),
    integerLiteral(noWorkflow),
    "'','','','',''",
    integerLiteral(row.workflowVersion),
    textLiteral(row.status),
    integerLiteral(row.progress),
    integerLiteral(row.executedActions),
    integerLiteral(row.failedActions),
    textLiteral(journalTail),
    integerLiteral(row.publishedSeq),
    timeLiteral(row.wakeAtMs),
    textLiteral(row.waitingFor),
    textLiteral(row.inbox),
    timeLiteral(row.startedAtMs),
    timeLiteral(row.completedAtMs),
    hexLiteral(writer),
    timeLiteral(nowMs),
    integerLiteral(row.rowVersion),
  ].join(',')})`;
}

function assignment(column: string): string {
  const next = column === 'journal' ? 'CONCAT(LEFT(journal, LENGTH(journal) - 1), VALUES(journal))' : `VALUES(${column})`;
  return `${column} = IF(row_version + 1 = VALUES(row_version), ${next}, ${column})`;
}
