import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral } from '../literal.ts';
import type { InstanceRow } from './instance-row.ts';

interface Packet extends RowDataPacket {
  id: Buffer;
  tenant_id: string;
  workflow_id: number | null;
  workflow_version: number | null;
  scheduled_task_id: number | null;
  scheduled_for: Date | null;
  entity_type: string;
  entity_id: string;
  triggered_by: string;
  triggered_by_value: string;
  status: InstanceRow['status'];
  progress: number;
  executed_actions: number;
  failed_actions: number;
  row_version: number;
  journal: Buffer;
  published_seq: number;
  wake_at: Date | null;
  waiting_for: string | null;
  inbox: Buffer | null;
  started_at: Date | null;
  completed_at: Date | null;
  created_at: Date;
}

/** The rows of these instances that exist, by id, in one statement by primary key. */
export async function findInstances(pool: Pool, ids: readonly string[]): Promise<Map<string, InstanceRow>> {
  if (ids.length === 0) return new Map();
  const [packets] = await pool.query<Packet[]>(
    `SELECT id, tenant_id, workflow_id, workflow_version, scheduled_task_id, scheduled_for, entity_type, entity_id, triggered_by,
            triggered_by_value, status, progress, executed_actions, failed_actions, row_version, journal, published_seq, wake_at,
            waiting_for, inbox, started_at, completed_at, created_at
       FROM workflow_instances
      WHERE id IN (${[...ids].sort().map(hexLiteral).join(',')})`,
  );
  return new Map(packets.map((packet) => [packet.id.toString('hex'), fromPacket(packet)]));
}

function fromPacket(packet: Packet): InstanceRow {
  return {
    id: packet.id.toString('hex'),
    tenantId: packet.tenant_id,
    workflowId: packet.workflow_id,
    workflowVersion: packet.workflow_version,
    scheduledTaskId: packet.scheduled_task_id,
    scheduledForMs: packet.scheduled_for?.getTime() ?? null,
    entityType: packet.entity_type,
    entityId: packet.entity_id,
    triggeredBy: packet.triggered_by,
    triggeredByValue: packet.triggered_by_value,
    status: packet.status,
    progress: packet.progress,
    executedActions: packet.executed_actions,
    failedActions: packet.failed_actions,
    rowVersion: packet.row_version,
    journal: packet.journal.toString('utf8'),
    publishedSeq: packet.published_seq,
    wakeAtMs: packet.wake_at?.getTime() ?? null,
    waitingFor: packet.waiting_for,
    inbox: packet.inbox?.toString('utf8') ?? null,
    startedAtMs: packet.started_at?.getTime() ?? null,
    completedAtMs: packet.completed_at?.getTime() ?? null,
    createdAtMs: packet.created_at.getTime(),
  };
}
