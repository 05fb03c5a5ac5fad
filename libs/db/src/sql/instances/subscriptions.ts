import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, textLiteral } from '../literal.ts';

/** An instance that waits for events of a name about its entity. */
export interface Subscription {
  tenantId: string;
  eventName: string;
  entityType: string;
  entityId: string;
  instanceId: string;
}

/**
 * Adds subscriptions; repeats do nothing. Written before the instance's own row: a delivery that finds one whose instance isn't there yet
 * comes after its start on the same partition and is delivered again with it.
 */
export async function insertSubscriptions(pool: Pool, subscriptions: readonly Subscription[]): Promise<void> {
  if (subscriptions.length === 0) return;
  const values = subscriptions.map(
    ({ tenantId, eventName, entityType, entityId, instanceId }) =>
      `(${textLiteral(tenantId)},${textLiteral(eventName)},${textLiteral(entityType)},${textLiteral(entityId)},${hexLiteral(instanceId)})`,
  );
  await pool.query(
    `INSERT INTO instance_subscriptions (tenant_id, event_name, entity_type, entity_id, instance_id)
     VALUES ${values.sort().join(',')} ON DUPLICATE KEY UPDATE instance_id = instance_subscriptions.instance_id`,
  );
}

/** The instances that wait for such an event of such an entity. */
export async function findSubscribers(pool: Pool, key: Omit<Subscription, 'instanceId'>): Promise<string[]> {
  const [rows] = await pool.query<(RowDataPacket & { instance_id: Buffer })[]>(
    `SELECT instance_id FROM instance_subscriptions
      WHERE tenant_id = ${textLiteral(key.tenantId)} AND event_name = ${textLiteral(key.eventName)}
        AND entity_type = ${textLiteral(key.entityType)} AND entity_id = ${textLiteral(key.entityId)}`,
  );
  return rows.map((row) => row.instance_id.toString('hex'));
}

/**
 * Ends the subscriptions of those of the instances that aren't live: one that was retried by hand meanwhile keeps what it has subscribed to
 * again.
 */
export async function deleteSubscriptions(pool: Pool, instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  await pool.query(
    `DELETE FROM instance_subscriptions
      WHERE instance_id IN (${[...instanceIds].sort().map(hexLiteral).join(',')})
        AND NOT EXISTS (SELECT 1 FROM workflow_instances AS i
                         WHERE i.id = instance_subscriptions.instance_id AND i.status IN ('pending', 'running'))`,
  );
}
