import type { Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral } from '../literal.ts';

/** Whether an earlier occurrence of a scheduled task is still live, by the history that the audit logger has written. */
export async function hasLiveOccurrence(pool: Pool, taskId: number, exceptInstanceId: string): Promise<boolean> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT 1
       FROM scheduled_task_executions AS e
       JOIN workflow_instances AS i ON i.id = e.instance_id
      WHERE e.task_id = ? AND e.status IN ('pending', 'running') AND i.status IN ('pending', 'running') AND i.id <> ${hexLiteral(exceptInstanceId)}
      LIMIT 1`,
    [taskId],
  );
  return rows.length > 0;
}
