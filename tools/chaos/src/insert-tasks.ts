import { type Installation, insertWorkflow } from '@millrace/testing';

export const tenantId = 'chaos';

/** Tasks that run a workflow of one action, overlap allowed, from about three seconds from now on; answers when, ms. */
export async function insertTasks(installation: Installation, countBySchedule: Record<string, number>): Promise<number> {
  const { pool } = installation.database;
  const version = await insertWorkflow(installation, tenantId, [{ action_type: 'set_variable', action_config: { name: 'x', value: 1 } }]);
  const fromMs = Math.ceil(Date.now() / 1_000) * 1_000 + 3_000;
  const from = new Date(fromMs).toISOString().slice(0, 23).replace('T', ' ');
  const rows = Object.entries(countBySchedule).flatMap(([schedule, count]) =>
    Array.from(
      { length: count },
      (_, number) =>
        `('${tenantId}', '${schedule} ${number}', 'workflow', '{"workflow_id":${version.id}}', '${schedule}', 'UTC', 1, 'allow', ${version.id}, '${from}', utc_timestamp(3), utc_timestamp(3))`,
    ),
  );
  await pool.query(
    `INSERT INTO scheduled_tasks (tenant_id, name, type, config, schedule, timezone, enabled, overlap_policy, workflow_id, start_at, created_at, updated_at)
     VALUES ${rows.join(',')}`,
  );
  return fromMs;
}
