import type { Connection, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import { earliest, newest, newestSaid } from './assignments.ts';
import { type InsertOutcome, insertOutcome } from './insert-outcome.ts';

/** What entries say about one action of one instance; null where they say nothing. */
export interface ActionExecutionRow {
  tenantId: string;
  workflowId: number | null;
  instanceId: string;
  /** Null: the own action of a scheduled task, which its run has one of. */
  actionId: number | null;
  actionName: string;
  actionType: string;
  status: string;
  attempts: number | null;
  /** JSON texts. */
  input: string | null;
  result: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  skipReason: string | null;
  startedAtMs: number | null;
  completedAtMs: number | null;
  durationMs: number | null;
  /** Of the newest entry that is in here. */
  lastSeq: number;
  createdAtMs: number;
  updatedAtMs: number;
}

/**
 * Brings action executions up to date. Older entries than the row has seen change nothing but what the newer ones don't
 * speak of, and when it all began. In the transaction that has inserted the entries: of two writers of one instance the second has waited
 * there for the first.
 */
export async function upsertActionExecutions(connection: Connection, rows: readonly ActionExecutionRow[]): Promise<InsertOutcome> {
  const outcome = await upsert(
    connection,
    rows.filter(({ actionId }) => actionId !== null),
    new Map(),
  );
  if (outcome !== 'inserted') return outcome;
  const ofTasks = rows.filter(({ actionId }) => actionId === null);
  return upsert(connection, ofTasks, await findIds(connection, ofTasks));
}

/** Keys that hold a null are all different: rows without an action are found by their own ids. */
async function findIds(connection: Connection, rows: readonly ActionExecutionRow[]): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map();
  const [found] = await connection.query<(RowDataPacket & { id: number; instance_id: Buffer })[]>(
    `SELECT id, instance_id FROM workflow_action_executions
      WHERE instance_id IN (${rows.map(({ instanceId }) => hexLiteral(instanceId)).join(',')}) AND action_id IS NULL FOR UPDATE`,
  );
  return new Map(found.map(({ id, instance_id: instanceId }) => [instanceId.toString('hex'), id]));
}

async function upsert(
  connection: Connection,
  rows: readonly ActionExecutionRow[],
  idByInstance: ReadonlyMap<string, number>,
): Promise<InsertOutcome> {
  if (rows.length === 0) return 'inserted';
  return insertOutcome(() =>
    connection.query(
      `INSERT INTO workflow_action_executions (id, tenant_id, workflow_id, instance_id, action_id, action_name, action_type, status, attempts,
         retry_count, input, result, error_code, error_message, skip_reason, started_at, completed_at, duration_ms, last_seq, created_at,
         updated_at)
       VALUES ${rows.map((row) => values(row, idByInstance.get(row.instanceId) ?? null)).join(',')}
       ON DUPLICATE KEY UPDATE ${assignments}`,
    ),
  );
}

const assignments = [
  earliest('started_at'),
  earliest('created_at'),
  newest('status'),
  `attempts = IF(VALUES(attempts) > 0 AND (attempts = 0 OR VALUES(last_seq) > last_seq), VALUES(attempts), attempts)`,
  'retry_count = GREATEST(attempts, 1) - 1',
  newestSaid('input'),
  newestSaid('result'),
  newest('error_code'),
  newest('error_message'),
  newest('skip_reason'),
  newest('completed_at'),
  newest('duration_ms'),
  newest('updated_at'),
  'last_seq = GREATEST(last_seq, VALUES(last_seq))',
].join(', ');

/** A null id is the next one. */
function values(row: ActionExecutionRow, id: number | null): string {
  return `(${[
    integerLiteral(id),
    textLiteral(row.tenantId),
    integerLiteral(row.workflowId),
    hexLiteral(row.instanceId),
    integerLiteral(row.actionId),
    textLiteral(row.actionName),
    textLiteral(row.actionType),
    textLiteral(row.status),
    integerLiteral(row.attempts ?? 0),
    integerLiteral(Math.max(row.attempts ?? 0, 1) - 1),
    textLiteral(row.input),
    textLiteral(row.result),
    textLiteral(row.errorCode),
    textLiteral(row.errorMessage),
    textLiteral(row.skipReason),
    timeLiteral(row.startedAtMs),
    timeLiteral(row.completedAtMs),
    integerLiteral(row.durationMs),
    integerLiteral(row.lastSeq),
    timeLiteral(row.createdAtMs),
    timeLiteral(row.updatedAtMs),
  ].join(',')})`;
}
