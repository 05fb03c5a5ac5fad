import type { Pool, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, timeLiteral } from '../literal.ts';

export interface DueTask {
  id: number;
  tenantId: string;
  type: string;
  /** JSON text of an object. */
  config: string;
  schedule: string;
  timezone: string;
  overlapPolicy: string;
  misfirePolicy: string;
  misfireMax: number | null;
  catchUpWindowSeconds: number;
  maxRetries: number;
  retryDelaySeconds: number;
  startAtMs: number | null;
  endAtMs: number | null;
  /** JSON text of an object; null where the defaults hold. */
  dst: string | null;
  revision: number;
  computedRevision: number | null;
  updatedAtMs: number;
  lastRunAtMs: number | null;
  nextRunAtMs: number | null;
  /** The part of it that is jitter. */
  nextJitterMs: number;
  jitterSeconds: number;
  workflowId: number | null;
  /** Of the workflow as it is now; null where there is none. */
  workflowVersion: number | null;
  workflowState: 'enabled' | 'disabled' | 'deleted' | null;
}

interface Packet extends RowDataPacket {
  id: number;
  tenant_id: string;
  type: string;
  config: string;
  schedule: string;
  timezone: string;
  overlap_policy: string;
  misfire_policy: string;
  misfire_max: number | null;
  catch_up_window_seconds: number;
  max_retries: number;
  retry_delay_seconds: number;
  start_at: Date | null;
  end_at: Date | null;
  dst: string | null;
  revision: number;
  computed_revision: number | null;
  updated_at: Date;
  last_run_at: Date | null;
  next_run_at: Date | null;
  next_jitter_ms: number;
  jitter_seconds: number;
  workflow_id: number | null;
  workflow_version: number | null;
  workflow_state: DueTask['workflowState'];
}

const columns = `t.id, t.tenant_id, t.type, t.config, t.schedule, t.timezone, t.overlap_policy, t.misfire_policy, t.misfire_max,
  t.catch_up_window_seconds, t.max_retries, t.retry_delay_seconds, t.start_at, t.end_at, t.dst, t.revision, t.computed_revision,
  t.updated_at, t.last_run_at, t.next_run_at, t.next_jitter_ms, t.jitter_seconds, t.workflow_id, w.version AS workflow_version,
  CASE WHEN w.id IS NULL THEN NULL WHEN w.deleted_at IS NOT NULL THEN 'deleted' WHEN w.enabled THEN 'enabled' ELSE 'disabled' END
    AS workflow_state`;
const withWorkflow = 'LEFT JOIN workflows AS w ON w.id = t.workflow_id AND w.tenant_id = t.tenant_id';

/** Which due tasks are meant: those due in this time, after the last one of the page before. */
export interface DueRange {
  /** Null: since ever. */
  fromMs: number | null;
  untilMs: number;
  after: Pick<DueTask, 'id' | 'nextRunAtMs'> | null;
}

/** A page of the enabled tasks whose next occurrence is due, the first due first; read by the index on (enabled, next_run_at, id). */
export async function findDueTasks(pool: Pool, { fromMs, untilMs, after }: DueRange, limit: number): Promise<DueTask[]> {
  const bounds = [`t.next_run_at <= ${timeLiteral(untilMs)}`];
  if (fromMs !== null) bounds.push(`t.next_run_at > ${timeLiteral(fromMs)}`);
  if (after !== null) {
    const at = timeLiteral(after.nextRunAtMs);
    bounds.push(`t.next_run_at >= ${at} AND (t.next_run_at > ${at} OR t.id > ${integerLiteral(after.id)})`);
  }
  const [packets] = await pool.query<Packet[]>(
    `SELECT ${columns} FROM scheduled_tasks AS t ${withWorkflow}
      WHERE t.enabled = 1 AND ${bounds.join(' AND ')}
      ORDER BY t.next_run_at, t.id LIMIT ${integerLiteral(limit)}`,
  );
  return packets.map(fromPacket);
}

/**
 * Enabled tasks that were created or edited since their next occurrence was computed. Found in the index on (enabled,
 * computed_revision, revision) alone, as it is asked every second.
 */
export async function findChangedTasks(pool: Pool, limit: number): Promise<DueTask[]> {
  const [packets] = await pool.query<Packet[]>(
    `SELECT ${columns} FROM
       (SELECT id AS changed_id FROM scheduled_tasks
         WHERE enabled = 1 AND (computed_revision IS NULL OR computed_revision <> revision) LIMIT ${integerLiteral(limit)}) AS c
       JOIN scheduled_tasks AS t ON t.id = c.changed_id ${withWorkflow}`,
  );
  return packets.map(fromPacket);
}

function fromPacket(packet: Packet): DueTask {
  return {
    id: packet.id,
    tenantId: packet.tenant_id,
    type: packet.type,
    config: packet.config,
    schedule: packet.schedule,
    timezone: packet.timezone,
    overlapPolicy: packet.overlap_policy,
    misfirePolicy: packet.misfire_policy,
    misfireMax: packet.misfire_max,
    catchUpWindowSeconds: packet.catch_up_window_seconds,
    maxRetries: packet.max_retries,
    retryDelaySeconds: packet.retry_delay_seconds,
    startAtMs: packet.start_at?.getTime() ?? null,
    endAtMs: packet.end_at?.getTime() ?? null,
    dst: packet.dst,
    revision: packet.revision,
    computedRevision: packet.computed_revision,
    updatedAtMs: packet.updated_at.getTime(),
    lastRunAtMs: packet.last_run_at?.getTime() ?? null,
    nextRunAtMs: packet.next_run_at?.getTime() ?? null,
    nextJitterMs: packet.next_jitter_ms,
    jitterSeconds: packet.jitter_seconds,
    workflowId: packet.workflow_id,
    workflowVersion: packet.workflow_version,
    workflowState: packet.workflow_state,
  };
}
