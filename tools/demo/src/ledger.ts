import type { Pool, RowDataPacket } from 'mysql2/promise';
import { instanceKey } from './expectation.ts';

export interface InstanceRecord {
  id: string;
  key: string;
  tenantId: string;
  eventId: string;
  status: string;
  /** Waits for a due time. */
  parked: boolean;
  waitingFor: string | null;
  progress: number;
  executedActions: number;
  failedActions: number;
  journalEntries: number;
}

export interface ActionRecord {
  instanceId: string;
  name: string;
  type: string;
  status: string;
  attempts: number;
  skipReason: string | null;
}

export interface LogRecord {
  instanceId: string;
  seq: number;
  action: string;
  status: string | null;
}

/** What the tables say of a run's workflows. */
export interface Ledger {
  instances: InstanceRecord[];
  actions: ActionRecord[];
  /** By instance, then seq. */
  logs: LogRecord[];
}

export async function readLedger(pool: Pool, tenantIds: string[], workflowIds: number[]): Promise<Ledger> {
  const read = async (sql: string, values: unknown[]) => (await pool.query<RowDataPacket[]>(sql, values))[0];
  const instances = await read(
    `SELECT LOWER(HEX(id)) AS id, tenant_id, workflow_id, triggered_by_value, status, wake_at IS NOT NULL AS has_wake, waiting_for, progress,
            executed_actions, failed_actions, JSON_LENGTH(CONVERT(journal USING utf8mb4)) AS entries
       FROM workflow_instances WHERE tenant_id IN (?)`,
    [tenantIds],
  );
  const actions = await read(
    `SELECT LOWER(HEX(instance_id)) AS instance_id, action_name, action_type, status, attempts, skip_reason
       FROM workflow_action_executions WHERE workflow_id IN (?)`,
    [workflowIds],
  );
  const logs = await read(
    'SELECT LOWER(HEX(instance_id)) AS instance_id, seq, action, status FROM workflow_execution_logs WHERE tenant_id IN (?) ORDER BY instance_id, seq',
    [tenantIds],
  );
  return {
    instances: instances.map((row) => ({
      id: row.id,
      key: instanceKey(row.tenant_id, Number(row.workflow_id), row.triggered_by_value),
      tenantId: row.tenant_id,
      eventId: row.triggered_by_value,
      status: row.status,
      parked: row.status === 'running' && Boolean(row.has_wake),
      waitingFor: row.waiting_for,
      progress: Number(row.progress),
      executedActions: Number(row.executed_actions),
      failedActions: Number(row.failed_actions),
      journalEntries: Number(row.entries),
    })),
    actions: actions.map((row) => ({
      instanceId: row.instance_id,
      name: row.action_name,
      type: row.action_type,
      status: row.status,
      attempts: Number(row.attempts),
      skipReason: row.skip_reason,
    })),
    logs: logs.map((row) => ({ instanceId: row.instance_id, seq: Number(row.seq), action: row.action, status: row.status })),
  };
}
