import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

export interface EnrolmentKey {
  tenantId: string;
  workflowId: number;
  entityType: string;
  entityId: string;
}

/** The last instance that an entity started of a workflow, and the newest starts that were refused since, the oldest first. */
export interface Enrolment {
  instanceId: string;
  startedAtMs: number;
  refused: string[];
}

/** Reads an enrolment and locks its place until the transaction ends, so that two starts of one entity are decided one after the other. */
export async function findEnrolment(connection: PoolConnection, key: EnrolmentKey): Promise<Enrolment | null> {
  const [rows] = await connection.query<(RowDataPacket & { instance_id: Buffer; started_at: Date; refused: string })[]>(
    `SELECT instance_id, started_at, refused FROM entity_enrolments
      WHERE tenant_id = ${textLiteral(key.tenantId)} AND workflow_id = ${integerLiteral(key.workflowId)}
        AND entity_type = ${textLiteral(key.entityType)} AND entity_id = ${textLiteral(key.entityId)} FOR UPDATE`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    instanceId: row.instance_id.toString('hex'),
    startedAtMs: row.started_at.getTime(),
    refused: JSON.parse(row.refused) as string[],
  };
}

export async function saveEnrolment(connection: PoolConnection, key: EnrolmentKey, enrolment: Enrolment): Promise<void> {
  await connection.query(
    `INSERT INTO entity_enrolments (tenant_id, workflow_id, entity_type, entity_id, instance_id, started_at, refused)
     VALUES (${textLiteral(key.tenantId)}, ${integerLiteral(key.workflowId)}, ${textLiteral(key.entityType)}, ${textLiteral(key.entityId)},
             ${hexLiteral(enrolment.instanceId)}, ${timeLiteral(enrolment.startedAtMs)}, ${textLiteral(JSON.stringify(enrolment.refused))})
     ON DUPLICATE KEY UPDATE instance_id = VALUES(instance_id), started_at = VALUES(started_at), refused = VALUES(refused)`,
  );
}
