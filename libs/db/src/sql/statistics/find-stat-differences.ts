import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { timeLiteral } from '../literal.ts';

/** A count that the roll-ups and the log disagree about. */
export interface StatDifference {
  tenantId: string;
  /** 0: of the whole tenant. */
  workflowId: number;
  /** `<UTC hour> <count>`, `<UTC day> action <id> <outcome>` or `<period> <count>`. */
  what: string;
  rolledUp: number;
  /** In the log's rows; of a longer period, in the roll-ups of its hours. */
  counted: number;
}

interface Count {
  tenant_id: string;
  workflow_id: number;
  what: string;
  entries: string | number;
}

/**
 * Compares the roll-ups with a count over the log's rows since a moment (ms), and days and the whole time with their hours, all as of one
 * moment: none differ, whatever is being written. Since must be so late that no retention has removed rows of it; what belongs to deleted
 * workflows is left out.
 */
export async function findStatDifferences(pool: Pool, sinceMs: number): Promise<StatDifference[]> {
  const connection = await pool.getConnection();
  try {
    await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    // A whole day, as actions are counted by days.
    const since = timeLiteral(Math.ceil(sinceMs / 86_400_000) * 86_400_000);
    return [
      ...differences(await read(connection, hoursSql(since)), await read(connection, loggedSql(since))),
      ...differences(await read(connection, actionsSql(since)), await read(connection, loggedActionsSql(since))),
      ...differences(await read(connection, periodSql('day')), await read(connection, sumOfHoursSql('day'))),
      ...differences(await read(connection, periodSql('all')), await read(connection, sumOfHoursSql('all'))),
    ];
  } finally {
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
  }
}

async function read(connection: Connection, sql: string): Promise<Count[]> {
  const [rows] = await connection.query<(RowDataPacket & Count)[]>(sql);
  return rows;
}

function differences(rolledUp: readonly Count[], counted: readonly Count[]): StatDifference[] {
  const found = new Map<string, StatDifference>();
  const keep = (row: Count, side: 'rolledUp' | 'counted') => {
    const key = `${row.workflow_id} ${row.what} ${row.tenant_id}`;
    const none = { tenantId: row.tenant_id, workflowId: row.workflow_id, what: row.what, rolledUp: 0, counted: 0 };
    const difference = found.get(key) ?? none;
    difference[side] += Number(row.entries);
    found.set(key, difference);
  };
  for (const row of rolledUp) keep(row, 'rolledUp');
  for (const row of counted) keep(row, 'counted');
  return [...found.values()].filter((difference) => difference.rolledUp !== difference.counted);
}

const countByType = [
  ['completed', "l.action = 'instance_completed'"],
  ['failed', "l.action = 'instance_failed'"],
  ['cancelled', "l.action = 'instance_cancelled'"],
  ['retried', "l.action = 'retry_requested'"],
  ['started', 'l.seq = 1'],
] as const;

const outcomes = `CASE l.action WHEN 'action_completed' THEN 'completed' WHEN 'action_failed' THEN 'failed' WHEN 'action_unknown' THEN 'unknown'
  WHEN 'action_skipped' THEN 'skipped' WHEN 'action_cancelled' THEN 'cancelled' WHEN 'attempt_failed' THEN 'retried' WHEN 'arm_taken' THEN 'arm' END`;

const isLive = (table: string) => `EXISTS (SELECT 1 FROM workflows AS w WHERE w.id = ${table}.workflow_id AND w.deleted_at IS NULL)`;
const hasAll = (table: string) => `NOT EXISTS (SELECT 1 FROM removed_instances AS r WHERE r.tenant_id = ${table}.tenant_id)`;
const hourOf = (column: string) => `DATE_FORMAT(${column}, '%Y-%m-%dT%H')`;
const dayOf = (column: string) => `DATE_FORMAT(${column}, '%Y-%m-%d')`;

/** The hours of live workflows, and of tenants of which nothing was removed. */
function hoursSql(since: string): string {
  const counts = countByType.map(
    ([count]) =>
      `SELECT s.tenant_id, s.workflow_id, CONCAT(${hourOf('s.starts_at')}, ' ${count}') AS what, s.${count} AS entries FROM workflow_stats AS s
        WHERE s.period = 'hour' AND s.starts_at >= ${since} AND IF(s.workflow_id = 0, ${hasAll('s')}, ${isLive('s')})`,
  );
  return counts.join(' UNION ALL ');
}

function loggedSql(since: string): string {
  const ofScope = (scope: string, condition: string) =>
    countByType.map(
      ([count, isOne]) =>
        `SELECT l.tenant_id, ${scope} AS workflow_id, CONCAT(${hourOf('l.created_at')}, ' ${count}') AS what, COUNT(*) AS entries
           FROM workflow_execution_logs AS l WHERE l.created_at >= ${since} AND ${isOne} AND ${condition} GROUP BY 1, 2, 3`,
    );
  return [...ofScope('l.workflow_id', isLive('l')), ...ofScope('0', hasAll('l'))].join(' UNION ALL ');
}

function actionsSql(since: string): string {
  return `SELECT s.tenant_id, s.workflow_id, CONCAT(${dayOf('s.starts_at')}, ' action ', s.action_id, ' ', s.outcome) AS what, SUM(s.entries) AS entries
     FROM workflow_action_stats AS s WHERE s.starts_at >= ${since} AND s.action_id > 0 AND ${isLive('s')} GROUP BY 1, 2, 3`;
}

function loggedActionsSql(since: string): string {
  return `SELECT l.tenant_id, l.workflow_id, CONCAT(${dayOf('l.created_at')}, ' action ', l.action_id, ' ', ${outcomes}) AS what, COUNT(*) AS entries
     FROM workflow_execution_logs AS l
    WHERE l.created_at >= ${since} AND l.action_id IS NOT NULL AND ${outcomes} IS NOT NULL AND ${isLive('l')} GROUP BY 1, 2, 3`;
}

function periodSql(period: 'day' | 'all'): string {
  return countByType
    .map(
      ([count]) =>
        `SELECT tenant_id, workflow_id, CONCAT('${period} ', ${dayOf('starts_at')}, ' version ', version, ' ${count}') AS what, ${count} AS entries
           FROM workflow_stats WHERE period = '${period}'`,
    )
    .join(' UNION ALL ');
}

function sumOfHoursSql(period: 'day' | 'all'): string {
  const start = period === 'day' ? dayOf('starts_at') : "'1970-01-01'";
  return countByType
    .map(
      ([count]) =>
        `SELECT tenant_id, workflow_id, CONCAT('${period} ', ${start}, ' version ', version, ' ${count}') AS what, SUM(${count}) AS entries
           FROM workflow_stats WHERE period = 'hour' GROUP BY 1, 2, 3`,
    )
    .join(' UNION ALL ');
}
