import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral } from '../literal.ts';

/** A row that belongs to an input: nothing wakes it. */
export interface UnparkedInstance {
  id: string;
  tenantId: string;
  entityType: string;
  entityId: string;
  rowVersion: number;
  updatedAtMs: number;
}

interface Packet extends RowDataPacket {
  id: Buffer;
  tenant_id: string;
  entity_type: string;
  entity_id: string;
  row_version: number;
  updated_at: Date;
}

/**
 * One page of the instances that are neither terminal nor parked, by id, after `afterId` (null: from the first). They are as
 * many as are being worked on. One arm a status, each read in the order of the index (status, wake_at, id), so that a page
 * costs a page however many instances are parked.
 */
export async function findUnparkedInstances(pool: Pool, afterId: string | null, limit: number): Promise<UnparkedInstance[]> {
  const arm = (status: string) =>
    `(SELECT id, tenant_id, entity_type, entity_id, row_version, updated_at FROM workflow_instances
       WHERE status = '${status}' AND wake_at IS NULL${afterId === null ? '' : ` AND id > ${hexLiteral(afterId)}`}
       ORDER BY id LIMIT ${integerLiteral(limit)})`;
  const [packets] = await pool.query<Packet[]>(`${arm('pending')} UNION ALL ${arm('running')} ORDER BY id LIMIT ${integerLiteral(limit)}`);
  return packets.map((packet) => ({
    id: packet.id.toString('hex'),
    tenantId: packet.tenant_id,
    entityType: packet.entity_type,
    entityId: packet.entity_id,
    rowVersion: packet.row_version,
    updatedAtMs: packet.updated_at.getTime(),
  }));
}
