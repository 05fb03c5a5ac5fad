import type { Connection, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** What a report is about: a tenant's instances that were created in a period, its end excluded. */
export interface ReportScope {
  tenantId: string;
  fromMs: number;
  toMs: number;
  workflowId: number | null;
}

export type ReportRow = Record<string, string | number | null>;

/** How many instances each workflow had, by status, and how long the completed took. Read by the index on (tenant_id, created_at). */
export function summarizeWorkflows(connection: Connection, scope: ReportScope): Promise<ReportRow[]> {
  return rowsOf(
    connection,
    `SELECT i.workflow_id, w.name AS workflow_name, COUNT(*) AS instances, ${countByStatus},
            ${countOfActions},
            CAST(AVG(CASE WHEN i.status = 'completed' THEN TIMESTAMPDIFF(MICROSECOND, i.started_at, i.completed_at) / 1000 END) AS SIGNED) AS average_ms
       FROM workflow_instances AS i JOIN workflows AS w ON w.id = i.workflow_id
      WHERE ${within(scope)} GROUP BY i.workflow_id, w.name ORDER BY i.workflow_id`,
  );
}

/** The failed instances, runs of scheduled tasks too, the newest first, with the action that failed them. */
export function listFailures(connection: Connection, scope: ReportScope, limit: number): Promise<ReportRow[]> {
  return rowsOf(
    connection,
    `SELECT i.workflow_id, w.name AS workflow_name, i.scheduled_task_id, LOWER(HEX(i.id)) AS instance_id, i.entity_type, i.entity_id,
            CONCAT(LEFT(DATE_FORMAT(i.completed_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS failed_at,
            e.action_name, e.action_type, e.error_code, e.error_message
       FROM workflow_instances AS i LEFT JOIN workflows AS w ON w.id = i.workflow_id
       LEFT JOIN workflow_action_executions AS e ON e.id =
         (SELECT f.id FROM workflow_action_executions AS f
           WHERE f.instance_id = i.id AND f.status IN ('failed', 'unknown') ORDER BY f.last_seq DESC LIMIT 1)
      WHERE ${within(scope)} AND i.status = 'failed' ORDER BY i.created_at DESC, i.id LIMIT ${integerLiteral(limit)}`,
  );
}

/** How many instances there were and what they did, also where there were none. */
export async function countActivity(connection: Connection, scope: ReportScope): Promise<ReportRow> {
  const [row] = await rowsOf(
    connection,
    `SELECT COUNT(*) AS instances, COUNT(DISTINCT i.workflow_id) AS workflows, ${countByStatus}, ${countOfActions}
       FROM workflow_instances AS i WHERE ${within(scope)}`,
  );
  return row as ReportRow;
}

const countByStatus = ['completed', 'failed', 'cancelled', 'running', 'pending']
  .map((status) => `CAST(COALESCE(SUM(i.status = '${status}'), 0) AS SIGNED) AS ${status}`)
  .join(', ');
const countOfActions = ['executed_actions', 'failed_actions']
  .map((column) => `CAST(COALESCE(SUM(i.${column}), 0) AS SIGNED) AS ${column}`)
  .join(', ');

function within({ tenantId, fromMs, toMs, workflowId }: ReportScope): string {
  const ofWorkflow = workflowId === null ? '' : ` AND i.workflow_id = ${integerLiteral(workflowId)}`;
  return `i.tenant_id = ${textLiteral(tenantId)} AND i.created_at >= ${timeLiteral(fromMs)} AND i.created_at < ${timeLiteral(toMs)}${ofWorkflow}`;
}

async function rowsOf(connection: Connection, sql: string): Promise<ReportRow[]> {
  const [rows] = await connection.query<(RowDataPacket & ReportRow)[]>(sql);
  return rows.map((row) => ({ ...row }));
}
