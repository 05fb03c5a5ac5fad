import type { Connection } from 'mysql2/promise';
import { integerLiteral, textLiteral } from '../literal.ts';

/** An instance that is being deleted. */
export interface RemovedRow {
  tenantId: string;
  workflowId: number | null;
  status: string;
}

/**
 * Counts instances as removed, for their workflow and their tenant (workflow 0), in the transaction that deletes them: the roll-ups go on
 * counting them, so what is left is the difference. Keys come sorted, so that two writers can't deadlock.
 */
export async function countRemovedInstances(connection: Connection, removed: readonly RemovedRow[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { tenantId, workflowId, status } of removed) {
    for (const id of workflowId === null ? [0] : [0, workflowId]) {
      const key = `${textLiteral(tenantId)},${integerLiteral(id)},${textLiteral(status)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  if (counts.size === 0) return;
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `(${key},${integerLiteral(count)})`);
  await connection.query(
    `INSERT INTO removed_instances (tenant_id, workflow_id, status, instances) VALUES ${rows.join(',')}
     ON DUPLICATE KEY UPDATE instances = instances + VALUES(instances)`,
  );
}
