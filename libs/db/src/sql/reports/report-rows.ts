import type { Pool, RowDataPacket } from 'mysql2/promise';
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
export function summarizeWorkflows(pool: Pool, scope: ReportScope): Promise<ReportRow[]> {
  return rowsOf(
    pool,
    `SELECT i.workflow_id, w.name AS workflow_name, COUNT(*) AS instances, ${countByStatus},
            CAST(SUM(i.executed_actions) AS SIGNED) AS executed_actions, CAST(SUM(i.failed_actions) AS SIGNED) AS failed_actions,
            CAST(AVG(CASE WHEN i.status = 'completed' THEN TIMESTAMPDIFF(MICROSECOND, i.started_at, i.completed_at) / 1000 END) AS SIGNED) AS average_ms
       FROM workflow_instances AS i JOIN workflows AS w ON w.id = i.workflow_id
      WHERE ${within(scope)} GROUP BY i.workflow_id, w.name ORDER BY i.workflow_id`,
  );
}

/** The failed instances, the newest first, with the action that failed them. */
export function listFailures(pool: Pool, scope: ReportScope, limit: number): Promise<ReportRow[]> {
  return rowsOf(
    pool,
    `SELECT i.workflow_id, w.name AS workflow_name, LOWER(HEX(i.id)) AS instance_id, i.entity_type, i.entity_id,
            DATE_FORMAT(i.completed_at, '%Y-%m-%dT%H:%i:%s.000Z') AS failed_at, e.action_name, e.action_type, e.error_code, e.error_message
       FROM workflow_instances AS i JOIN workflows AS w ON w.id = i.workflow_id
       LEFT JOIN workflow_action_executions AS e ON e.instance_id = i.id AND e.status IN ('failed', 'unknown')
      WHERE ${within(scope)} AND i.status = 'failed' ORDER BY i.created_at DESC, i.id LIMIT ${integerLiteral(limit)}`,
  );
}

/** Instances and actions of each day (UTC). */
export function summarizeDays(pool: Pool, scope: ReportScope): Promise<ReportRow[]> {
  return rowsOf(
    pool,
    `SELECT DATE_FORMAT(i.created_at, '%Y-%m-%d') AS day, COUNT(*) AS instances, COUNT(DISTINCT i.workflow_id) AS workflows, ${countByStatus},
            CAST(SUM(i.executed_actions) AS SIGNED) AS executed_actions, CAST(SUM(i.failed_actions) AS SIGNED) AS failed_actions
       FROM workflow_instances AS i WHERE ${within(scope)} GROUP BY day ORDER BY day`,
  );
}

const countByStatus = ['completed', 'failed', 'cancelled', 'running', 'pending']
  .map((status) => `CAST(SUM(i.status = '${status}') AS SIGNED) AS ${status}`)
  .join(', ');

function within({ tenantId, fromMs, toMs, workflowId }: ReportScope): string {
  const ofWorkflow = workflowId === null ? '' : ` AND i.workflow_id = ${integerLiteral(workflowId)}`;
  return `i.tenant_id = ${textLiteral(tenantId)} AND i.created_at >= ${timeLiteral(fromMs)} AND i.created_at < ${timeLiteral(toMs)}${ofWorkflow}`;
}

async function rowsOf(pool: Pool, sql: string): Promise<ReportRow[]> {
  const [rows] = await pool.query<(RowDataPacket & ReportRow)[]>(sql);
  return rows.map((row) => ({ ...row }));
}
