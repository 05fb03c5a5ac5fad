import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral } from '../literal.ts';

/** An instance that is a run of a scheduled task. */
export interface TaskRunRow {
  tenantId: string;
  taskId: number;
  instanceId: string;
}

/**
 * Enters runs that go on; repeats do nothing. Written before the instance's own row, so that a live row of an instance is never without its
 * entry. An instance that has ended by its first commit needs none.
 */
export async function insertLiveTaskRuns(pool: Pool, runs: readonly TaskRunRow[]): Promise<void> {
  if (runs.length === 0) return;
  const values = runs.map(
    ({ tenantId, taskId, instanceId }) => `(${integerLiteral(taskId)},${hexLiteral(instanceId)},${textLiteral(tenantId)})`,
  );
  await pool.query(
    `INSERT INTO live_task_runs (task_id, instance_id, tenant_id) VALUES ${values.sort().join(',')}
     ON DUPLICATE KEY UPDATE instance_id = live_task_runs.instance_id`,
  );
}

/** The durable runs of these tasks that go on now, by task; the instances' own status counts. */
export async function findLiveTaskRuns(pool: Pool, taskIds: readonly number[]): Promise<Map<number, string[]>> {
  const byTask = new Map<number, string[]>();
  if (taskIds.length === 0) return byTask;
  const [rows] = await pool.query<(RowDataPacket & { task_id: number; instance_id: Buffer })[]>(
    `SELECT r.task_id, r.instance_id
       FROM live_task_runs AS r
       JOIN workflow_instances AS i ON i.id = r.instance_id
      WHERE r.task_id IN (${[...taskIds]
        .sort((a, b) => a - b)
        .map(integerLiteral)
        .join(',')}) AND i.status IN ('pending', 'running')`,
  );
  for (const { task_id: taskId, instance_id: instanceId } of rows)
    byTask.set(taskId, [...(byTask.get(taskId) ?? []), instanceId.toString('hex')]);
  return byTask;
}

/** Takes out those of the instances that aren't live: one that was retried by hand meanwhile keeps its entry. */
export async function deleteEndedTaskRuns(pool: Pool, instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  await pool.query(
    `DELETE FROM live_task_runs
      WHERE instance_id IN (${[...instanceIds].sort().map(hexLiteral).join(',')})
        AND NOT EXISTS (SELECT 1 FROM workflow_instances AS i
                         WHERE i.id = live_task_runs.instance_id AND i.status IN ('pending', 'running'))`,
  );
}
