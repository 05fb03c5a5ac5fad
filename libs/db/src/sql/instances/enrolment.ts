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

/**
 * The enrolment of an entity that has one, else a new one with this instance; locked until the transaction ends. The insert comes first: two
 * starts of one entity are then decided one after the other, also where neither finds a row.
 */
export async function enrol(connection: PoolConnection, key: EnrolmentKey, instanceId: string, atMs: number): Promise<Enrolment> {
  await connection.query(
    `INSERT INTO entity_enrolments (tenant_id, workflow_id, entity_type, entity_id, instance_id, started_at, refused)
     VALUES (${placeOf(key).join(', ')}, ${hexLiteral(instanceId)}, ${timeLiteral(atMs)}, '[]')
     ON DUPLICATE KEY UPDATE workflow_id = entity_enrolments.workflow_id`,
  );
  const [rows] = await connection.query<(RowDataPacket & { instance_id: Buffer; started_at: Date; refused: string })[]>(
    `SELECT instance_id, started_at, refused FROM entity_enrolments
      WHERE (tenant_id, workflow_id, entity_type, entity_id) = (${placeOf(key).join(', ')}) FOR UPDATE`,
  );
  const row = rows[0] as (typeof rows)[number];
  return {
    instanceId: row.instance_id.toString('hex'),
    startedAtMs: row.started_at.getTime(),
    refused: JSON.parse(row.refused) as string[],
  };
}

export async function saveEnrolment(connection: PoolConnection, key: EnrolmentKey, enrolment: Enrolment): Promise<void> {
  await connection.query(
    `UPDATE entity_enrolments
        SET instance_id = ${hexLiteral(enrolment.instanceId)}, started_at = ${timeLiteral(enrolment.startedAtMs)},
            refused = ${textLiteral(JSON.stringify(enrolment.refused))}
      WHERE (tenant_id, workflow_id, entity_type, entity_id) = (${placeOf(key).join(', ')})`,
  );
}

function placeOf({ tenantId, workflowId, entityType, entityId }: EnrolmentKey): string[] {
  return [textLiteral(tenantId), integerLiteral(workflowId), textLiteral(entityType), textLiteral(entityId)];
}
