import { type Database, findExistingInstanceIds } from '@millrace/db';
import type { RowDataPacket } from 'mysql2/promise';
import type { StartRecord } from './commands.ts';

/** An instance that hasn't ended and waits for no time. */
export interface LooseInstance {
  id: string;
  status: string;
  /** `<tenant>|<type>|<id>`. */
  entity: string;
}

export interface Instances {
  /** Those that have ended. */
  byStatus: Record<string, number>;
  parked: number;
  loose: LooseInstance[];
}

async function read<T>({ pool }: Database, sql: string, values: unknown[] = []): Promise<T[]> {
  const [rows] = await pool.query<(RowDataPacket & T)[]>(sql, values);
  return rows;
}

/** Served by the index (status, wake_at). */
export async function readInstances(db: Database): Promise<Instances> {
  const loose = await read<{ id: Buffer; status: string; tenant_id: string; entity_type: string; entity_id: string }>(
    db,
    `SELECT id, status, tenant_id, entity_type, entity_id FROM workflow_instances
      WHERE status IN ('pending', 'running') AND wake_at IS NULL`,
  );
  const counts = await read<{ status: string; is_parked: number; instances: number }>(
    db,
    'SELECT status, wake_at IS NOT NULL AS is_parked, COUNT(*) AS instances FROM workflow_instances GROUP BY status, wake_at IS NOT NULL',
  );
  const instances: Instances = {
    byStatus: {},
    parked: 0,
    loose: loose.map((row) => ({
      id: row.id.toString('hex'),
      status: row.status,
      entity: `${row.tenant_id}|${row.entity_type}|${row.entity_id}`,
    })),
  };
  for (const { status, is_parked: isParked, instances: count } of counts) {
    const hasEnded = status !== 'pending' && status !== 'running';
    if (hasEnded) instances.byStatus[status] = (instances.byStatus[status] ?? 0) + count;
    else if (isParked === 1) instances.parked += count;
  }
  return instances;
}

const chunkSize = 1_000;

/** Which of the ids are in the table. */
export async function findInstanceIds(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const connection = await db.pool.getConnection();
  try {
    for (let from = 0; from < ids.length; from += chunkSize) {
      for (const id of await findExistingInstanceIds(connection, ids.slice(from, from + chunkSize))) found.add(id);
    }
  } finally {
    connection.release();
  }
  return found;
}

/**
 * Why starts may have made no instance, by instance id: the workflow was deleted, or disabled at some time since, or lets an entity in
 * only sometimes. Those without a reason are left out.
 */
export async function findRefusals(db: Database, starts: readonly StartRecord[]): Promise<Map<string, string>> {
  const ids = [...new Set(starts.flatMap(({ workflowId }) => workflowId ?? []))];
  if (ids.length === 0) return new Map();
  const workflows = await read<{ id: number; deleted: number; enabled: number }>(
    db,
    'SELECT id, deleted_at IS NOT NULL AS deleted, enabled FROM workflows WHERE id IN (?)',
    [ids],
  );
  const versions = await read<{ workflow_id: number; version: number; enabled: string; re_entry: string | null; cooldown: string | null }>(
    db,
    `SELECT workflow_id, version, JSON_EXTRACT(definition, '$.enabled') AS enabled, JSON_EXTRACT(definition, '$.re_entry') AS re_entry,
            JSON_EXTRACT(definition, '$.cooldown_seconds') AS cooldown
       FROM workflow_versions WHERE workflow_id IN (?)`,
    [ids],
  );
  const workflowById = new Map(workflows.map((workflow) => [workflow.id, workflow]));
  const versionsById = Map.groupBy(versions, (version) => version.workflow_id);
  const reasonOf = ({ workflowId, workflowVersion }: StartRecord): string | null => {
    if (workflowId === null) return null;
    const workflow = workflowById.get(workflowId);
    if (workflow === undefined || workflow.deleted === 1) return 'workflow_deleted';
    const since = (versionsById.get(workflowId) ?? []).filter(({ version }) => version >= (workflowVersion ?? 0));
    if (workflow.enabled === 0 || since.some(({ enabled }) => enabled === 'false')) return 'workflow_disabled';
    const own = since.find(({ version }) => version === workflowVersion);
    const isGuarded = own !== undefined && (own.re_entry !== '"always"' || (own.cooldown !== null && own.cooldown !== 'null'));
    return isGuarded ? 're_entry' : null;
  };
  const reasons = starts.map((start) => [start.instanceId, reasonOf(start)] as const);
  return new Map(reasons.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}

export interface TableLetters {
  /** `<topic>/<partition>/<offset>`. */
  origins: Set<string>;
  byState: Record<string, number>;
}

export async function readTableLetters(db: Database): Promise<TableLetters> {
  const rows = await read<{ topic: string; at_partition: number; at_offset: number; state: string }>(
    db,
    'SELECT origin_topic AS topic, origin_partition AS at_partition, origin_offset AS at_offset, state FROM dead_letters',
  );
  const byState: Record<string, number> = {};
  for (const { state } of rows) byState[state] = (byState[state] ?? 0) + 1;
  return { origins: new Set(rows.map((row) => `${row.topic}/${row.at_partition}/${row.at_offset}`)), byState };
}
