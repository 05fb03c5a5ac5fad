import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { timeLiteral } from '../literal.ts';

/** A count that the roll-ups and the log disagree about. */
export interface StatDifference {
  tenantId: string;
  /** 0: of the whole tenant. */
  workflowId: number;
  /** `<UTC hour> <count>`, `<UTC day> action <id> <outcome>` or `<period> <its day> version <n> <count>`. */
  what: string;
  rolledUp: number;
  /** In the log's rows; of a longer period, in the roll-ups of its hours. */
  counted: number;
}

interface Group {
  tenant_id: string;
  workflow_id: number | null;
  what: string;
  started: number | string;
  completed: number | string;
  failed: number | string;
  cancelled: number | string;
  retried: number | string;
}

interface ActionGroup {
  tenant_id: string;
  workflow_id: number;
  what: string;
  entries: number | string;
}

interface Count {
  tenantId: string;
  workflowId: number;
  what: string;
  entries: number;
}

const dayMs = 86_400_000;
const names = ['started', 'completed', 'failed', 'cancelled', 'retried'] as const;
const summed = names.map((name) => `SUM(${name}) AS ${name}`).join(', ');

/**
 * Compares the roll-ups with a count over the log's rows since a moment (ms; the first whole day after it), and days and the whole time with
 * their hours, all as of one moment: none differ, whatever is being written. Since must be so late that no retention has removed rows of it;
 * deleted workflows, and tenants of which something was removed, are left out. It reads all those rows.
 */
export async function findStatDifferences(pool: Pool, sinceMs: number): Promise<StatDifference[]> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    return await compare(connection, timeLiteral(Math.ceil(sinceMs / dayMs) * dayMs));
  } finally {
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
  }
}

async function compare(connection: Connection, since: string): Promise<StatDifference[]> {
  const isWhole = await wholeOwners(connection);
  const hours = await read<Group>(
    connection,
    `SELECT tenant_id, workflow_id, DATE_FORMAT(starts_at, '%Y-%m-%dT%H') AS what, ${summed}
       FROM workflow_stats WHERE period = 'hour' AND starts_at >= ${since} GROUP BY 1, 2, 3`,
  );
  const logged = await read<Group>(
    connection,
    `SELECT tenant_id, workflow_id, DATE_FORMAT(created_at, '%Y-%m-%dT%H') AS what, SUM(seq = 1) AS started,
            SUM(action = 'instance_completed') AS completed, SUM(action = 'instance_failed') AS failed,
            SUM(action = 'instance_cancelled') AS cancelled, SUM(action = 'retry_requested') AS retried
       FROM workflow_execution_logs WHERE created_at >= ${since} GROUP BY 1, 2, 3`,
  );
  const actions = await read<ActionGroup>(
    connection,
    `SELECT tenant_id, workflow_id, CONCAT(DATE_FORMAT(starts_at, '%Y-%m-%d'), ' action ', action_id, ' ', outcome) AS what, SUM(entries) AS entries
       FROM workflow_action_stats WHERE starts_at >= ${since} AND action_id > 0 GROUP BY 1, 2, 3`,
  );
  const loggedActions = await read<ActionGroup>(
    connection,
    `SELECT tenant_id, workflow_id, CONCAT(DATE_FORMAT(created_at, '%Y-%m-%d'), ' action ', action_id, ' ', ${outcomeSql}) AS what, COUNT(*) AS entries
       FROM workflow_execution_logs
      WHERE created_at >= ${since} AND workflow_id IS NOT NULL AND action_id IS NOT NULL AND ${outcomeSql} IS NOT NULL GROUP BY 1, 2, 3`,
  );
  const ofTenants = logged.map((group) => ({ ...group, workflow_id: 0 }));
  const ofWorkflows = logged.filter(({ workflow_id: id }) => id !== null);
  return [
    ...differences(countsOf(hours).filter(isWhole), countsOf([...ofWorkflows, ...ofTenants]).filter(isWhole)),
    ...differences(actionCounts(actions).filter(isWhole), actionCounts(loggedActions).filter(isWhole)),
    ...differences(countsOf(await read(connection, periodSql('day'))), countsOf(await read(connection, sumOfHoursSql('day')))),
    ...differences(countsOf(await read(connection, periodSql('all'))), countsOf(await read(connection, sumOfHoursSql('all')))),
  ];
}

/** What an entry of an action counts as. */
const outcomeSql = `CASE action WHEN 'action_completed' THEN 'completed' WHEN 'action_failed' THEN 'failed' WHEN 'action_unknown' THEN 'unknown'
  WHEN 'action_skipped' THEN 'skipped' WHEN 'action_cancelled' THEN 'cancelled' WHEN 'attempt_failed' THEN 'retried' WHEN 'arm_taken' THEN 'arm' END`;

const versionSql = (period: string, start: string) => `CONCAT('${period} ', ${start}, ' version ', version) AS what`;

function periodSql(period: 'day' | 'all'): string {
  return `SELECT tenant_id, workflow_id, ${versionSql(period, "DATE_FORMAT(starts_at, '%Y-%m-%d')")}, ${names.join(', ')}
     FROM workflow_stats WHERE period = '${period}'`;
}

function sumOfHoursSql(period: 'day' | 'all'): string {
  const start = period === 'day' ? "DATE_FORMAT(starts_at, '%Y-%m-%d')" : "'1970-01-01'";
  return `SELECT tenant_id, workflow_id, ${versionSql(period, start)}, ${summed} FROM workflow_stats WHERE period = 'hour' GROUP BY 1, 2, 3`;
}

/** Tells whether nothing was removed of a workflow, or of a tenant (workflow 0). */
async function wholeOwners(connection: Connection): Promise<(count: Count) => boolean> {
  const live = await read<{ id: number }>(connection, 'SELECT id FROM workflows WHERE deleted_at IS NULL');
  const cut = await read<{ tenant_id: string }>(connection, 'SELECT DISTINCT tenant_id FROM removed_instances');
  const liveIds = new Set(live.map(({ id }) => id));
  const cutTenants = new Set(cut.map((row) => row.tenant_id));
  return ({ tenantId, workflowId }) => (workflowId === 0 ? !cutTenants.has(tenantId) : liveIds.has(workflowId));
}

async function read<T>(connection: Connection, sql: string): Promise<T[]> {
  const [rows] = await connection.query<(RowDataPacket & T)[]>(sql);
  return rows;
}

function countsOf(groups: readonly Group[]): Count[] {
  return groups.flatMap((group) =>
    names.map((name) => ({
      tenantId: group.tenant_id,
      workflowId: group.workflow_id ?? 0,
      what: `${group.what} ${name}`,
      entries: Number(group[name]),
    })),
  );
}

function actionCounts(groups: readonly ActionGroup[]): Count[] {
  return groups.map((group) => ({
    tenantId: group.tenant_id,
    workflowId: group.workflow_id,
    what: group.what,
    entries: Number(group.entries),
  }));
}

function differences(rolledUp: readonly Count[], counted: readonly Count[]): StatDifference[] {
  const found = new Map<string, StatDifference>();
  const keep = ({ entries, ...of }: Count, side: 'rolledUp' | 'counted') => {
    const key = `${of.workflowId} ${of.what} ${of.tenantId}`;
    const difference = found.get(key) ?? { ...of, rolledUp: 0, counted: 0 };
    difference[side] += entries;
    found.set(key, difference);
  };
  for (const count of rolledUp) keep(count, 'rolledUp');
  for (const count of counted) keep(count, 'counted');
  return [...found.values()].filter((difference) => difference.rolledUp !== difference.counted);
}
