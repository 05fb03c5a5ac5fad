import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, timeLiteral } from '../literal.ts';

export interface LiveInstance {
  id: string;
  tenantId: string;
  entityType: string;
  entityId: string;
  rowVersion: number;
  createdAtMs: number;
}

interface Packet extends RowDataPacket {
  id: Buffer;
  tenant_id: string;
  entity_type: string;
  entity_id: string;
  row_version: number;
  created_at: Date;
}

/** A page of a workflow's live instances, the oldest first, after the last one of the page before; null: the first page. */
export async function findLiveInstances(
  pool: Pool,
  workflowId: number,
  after: Pick<LiveInstance, 'id' | 'createdAtMs'> | null,
  limit: number,
): Promise<LiveInstance[]> {
  const from =
    after === null
      ? ''
      : `AND (created_at > ${timeLiteral(after.createdAtMs)} OR (created_at = ${timeLiteral(after.createdAtMs)} AND id > ${hexLiteral(after.id)}))`;
  const [packets] = await pool.query<Packet[]>(
    `SELECT id, tenant_id, entity_type, entity_id, row_version, created_at FROM workflow_instances
      WHERE workflow_id = ${integerLiteral(workflowId)} AND status IN ('pending', 'running') ${from}
      ORDER BY created_at, id LIMIT ${integerLiteral(limit)}`,
  );
  return packets.map((packet) => ({
    id: packet.id.toString('hex'),
    tenantId: packet.tenant_id,
    entityType: packet.entity_type,
    entityId: packet.entity_id,
    rowVersion: packet.row_version,
    createdAtMs: packet.created_at.getTime(),
  }));
}
