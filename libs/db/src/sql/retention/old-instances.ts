import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** Which of a tenant's rows go. */
export interface Retention {
  tenantId: string;
  /** Only what ended before, ms. */
  beforeMs: number;
  /** Only rows in one of these; none: in any. */
  statuses: readonly string[];
  workflowId: number | null;
  /** Instances whose end the log doesn't hold yet go only where they ended before, ms; `beforeMs` unless given. */
  unloggedBeforeMs?: number;
}

/** The place of an instance in the index on (tenant_id or workflow_id, created_at, id). */
export interface Cursor {
  createdAtMs: number;
  id: string;
}

/** What one step of a cleanup did. */
export interface Chunk {
  deleted: number;
  /** Where the next step begins. */
  next: Cursor | null;
  isMore: boolean;
}

/** What one step takes, by kind: small enough that no lock lasts 100 ms and nobody waits long behind it. */
export const stepSizes = { instances: 30, rows: 250, deadLetters: 20 };

export interface InstancePage {
  /** Those of the page that have ended and whose entries are acknowledged, in the order of the index. */
  ended: Cursor[];
  /** Where the next page begins; null after the last. */
  next: Cursor | null;
}

/** Nobody goes on with such an instance but a retry by hand: whoever deletes it looks again, under a lock. */
export const hasEndedSql = "status IN ('completed','failed','cancelled') AND wake_at IS NULL";

/** A tenant's instances, or a workflow's, in the order of the index, a page from the cursor on; those are named that meet the condition. */
export async function findOldInstances(
  pool: Pool,
  { tenantId, beforeMs, workflowId }: Pick<Retention, 'tenantId' | 'beforeMs' | 'workflowId'>,
  condition: string,
  from: Cursor | null,
  limit: number,
): Promise<InstancePage> {
  const after =
    from === null
      ? ''
      : `AND (created_at > ${timeLiteral(from.createdAtMs)} OR (created_at = ${timeLiteral(from.createdAtMs)} AND id > ${hexLiteral(from.id)}))`;
  const [index, ofWorkflow] =
    workflowId === null
      ? ['workflow_instances_tenant_created', '']
      : ['workflow_instances_workflow_created', `AND workflow_id = ${integerLiteral(workflowId)}`];
  const [rows] = await pool.query<(RowDataPacket & { id: Buffer; created_at: Date; is_meant: number })[]>(
    `SELECT id, created_at, (${condition}) AS is_meant FROM workflow_instances FORCE INDEX (${index})
      WHERE tenant_id = ${textLiteral(tenantId)} ${ofWorkflow} AND created_at < ${timeLiteral(beforeMs)} ${after}
      ORDER BY created_at, id LIMIT ${integerLiteral(limit)}`,
  );
  const cursorOf = (row: { id: Buffer; created_at: Date }): Cursor => ({
    createdAtMs: row.created_at.getTime(),
    id: row.id.toString('hex'),
  });
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { ended: rows.filter((row) => row.is_meant).map(cursorOf), next: last === undefined ? null : cursorOf(last) };
}
