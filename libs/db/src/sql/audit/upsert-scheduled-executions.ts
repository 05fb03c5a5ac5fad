import type { Connection } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import { earliest, newest, newestSaid } from './assignments.ts';
import { type InsertOutcome, insertOutcome } from './insert-outcome.ts';

/** What entries say about one occurrence of a scheduled task; null where they say nothing. */
export interface ScheduledExecutionRow {
  taskId: number;
  tenantId: string;
  instanceId: string;
  scheduledForMs: number;
  status: string;
  skipReason: string | null;
  startedAtMs: number | null;
  completedAtMs: number | null;
  errorMessage: string | null;
  /** JSON text. */
  output: string | null;
  lastSeq: number;
  createdAtMs: number;
}

/** The largest that an INT holds: runs of more than 24 days, as after a long delay, show as that. */
const longestMs = 2_147_483_647;

/** Brings occurrences up to date, as upsertActionExecutions does; the duration is read from the two times that the row ends with. */
export async function upsertScheduledExecutions(connection: Connection, rows: readonly ScheduledExecutionRow[]): Promise<InsertOutcome> {
  if (rows.length === 0) return 'inserted';
  return insertOutcome(() =>
    connection.query(
      `INSERT INTO scheduled_task_executions (task_id, tenant_id, instance_id, scheduled_for, status, skip_reason, started_at, completed_at,
         duration_ms, output, error_message, last_seq, created_at)
       VALUES ${rows.map(values).join(',')}
       ON DUPLICATE KEY UPDATE ${assignments}`,
    ),
  );
}

const assignments = [
  earliest('started_at'),
  earliest('created_at'),
  newest('status'),
  newest('skip_reason'),
  newest('completed_at'),
  `duration_ms = LEAST(TIMESTAMPDIFF(MICROSECOND, started_at, completed_at) DIV 1000, ${longestMs})`,
  newestSaid('output'),
  newest('error_message'),
  'last_seq = GREATEST(last_seq, VALUES(last_seq))',
].join(', ');

function values(row: ScheduledExecutionRow): string {
  const durationMs =
    row.startedAtMs === null || row.completedAtMs === null ? null : Math.min(row.completedAtMs - row.startedAtMs, longestMs);
  return `(${[
    integerLiteral(row.taskId),
    textLiteral(row.tenantId),
    hexLiteral(row.instanceId),
    timeLiteral(row.scheduledForMs),
    textLiteral(row.status),
    textLiteral(row.skipReason),
    timeLiteral(row.startedAtMs),
    timeLiteral(row.completedAtMs),
    integerLiteral(durationMs),
    textLiteral(row.output),
    textLiteral(row.errorMessage),
    integerLiteral(row.lastSeq),
    timeLiteral(row.createdAtMs),
  ].join(',')})`;
}
