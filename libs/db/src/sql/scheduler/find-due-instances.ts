import type { Pool, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, timeLiteral } from '../literal.ts';

export interface DueInstance {
  id: string;
  tenantId: string;
  entityType: string;
  entityId: string;
  rowVersion: number;
  wakeAtMs: number;
}

interface Packet extends RowDataPacket {
  id: Buffer;
  tenant_id: string;
  entity_type: string;
  entity_id: string;
  row_version: number;
  wake_at: Date;
}

const statuses = ['pending', 'running', 'completed', 'failed', 'cancelled'];

/**
 * The instances that are to be woken until `untilMs`, the first due first, at most `limit`. Terminal ones too: theirs are
 * entries to publish again. One arm a status, each read in the order of the index (status, wake_at), so that a million
 * parked rows cost nothing.
 */
export async function findDueInstances(pool: Pool, untilMs: number, limit: number): Promise<DueInstance[]> {
  const arm = (status: string) =>
    `(SELECT id, tenant_id, entity_type, entity_id, row_version, wake_at FROM workflow_instances
       WHERE status = '${status}' AND wake_at <= ${timeLiteral(untilMs)} ORDER BY wake_at LIMIT ${integerLiteral(limit)})`;
  const [packets] = await pool.query<Packet[]>(`${statuses.map(arm).join(' UNION ALL ')} ORDER BY wake_at LIMIT ${integerLiteral(limit)}`);
  return packets.map((packet) => ({
    id: packet.id.toString('hex'),
    tenantId: packet.tenant_id,
    entityType: packet.entity_type,
    entityId: packet.entity_id,
    rowVersion: packet.row_version,
    wakeAtMs: packet.wake_at.getTime(),
  }));
}
