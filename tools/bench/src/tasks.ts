import { createInstallation, eventually, insertWorkflow, startServices } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { watchMemory } from './memory.ts';
import { quantile } from './statistics.ts';

const count = 10_000;
const minutes = 3;

/** Ten thousand scheduled tasks, each due every full minute. */
export const tasks: Benchmark = {
  summary: '10,000 scheduled tasks of every minute, over three minutes: from due time to the durable instance',
  async run({ stackEnv, say }) {
    await using installation = await createInstallation('bench-tasks', await stackEnv());
    const { pool } = installation.database;
    const version = await insertWorkflow(installation, 'bench', [{ action_type: 'set_variable', action_config: { name: 'x', value: 1 } }]);
    const rows = Array.from(
      { length: count },
      (_, number) =>
        `('bench', 'Task ${number}', 'workflow', '{"workflow_id":${version.id}}', '* * * * *', 'UTC', 1, ${version.id}, utc_timestamp(3), utc_timestamp(3))`,
    );
    await pool.query(
      `INSERT INTO scheduled_tasks (tenant_id, name, type, config, schedule, timezone, enabled, workflow_id, created_at, updated_at) VALUES ${rows.join(',')}`,
    );
    await using services = await startServices(['executor', 'scheduler', 'audit-logger'], installation.env);
    const memory = watchMemory({ scheduler: services.get('scheduler').pid });
    const expected = count * minutes;
    await eventually(
      async () => {
        const [[found]] = await pool.query<RowDataPacket[]>('SELECT COUNT(*) AS runs FROM workflow_instances');
        say(`${found?.runs} of ${expected} runs`);
        if (Number(found?.runs) < expected) throw new Error(`Expected ${expected} runs, but there are ${found?.runs}`);
      },
      { timeoutMs: (minutes + 3) * 60_000, everyMs: 10_000 },
    );
    const [lateness] = await pool.query<(RowDataPacket & { late: number })[]>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, scheduled_for, created_at) / 1000 AS late FROM workflow_instances ORDER BY scheduled_for LIMIT ${expected}`,
    );
    const [[uniqueness]] = await pool.query<RowDataPacket[]>(
      'SELECT COUNT(*) - COUNT(DISTINCT scheduled_task_id, scheduled_for) AS repeated FROM workflow_instances',
    );
    const late = lateness.map((row) => Number(row.late));
    const mostMb = memory.stop().scheduler ?? 0;
    return createResult(
      'tasks',
      {
        runs: late.length,
        repeated: Number(uniqueness?.repeated),
        lateness_p50_ms: Math.round(quantile(late, 0.5)),
        lateness_p99_ms: Math.round(quantile(late, 0.99)),
        lateness_most_ms: Math.round(quantile(late, 1)),
        scheduler_most_mb: mostMb,
      },
      [
        atMost('the latest run in ms', Math.round(quantile(late, 1)), 2_000),
        atMost('occurrences run twice', Number(uniqueness?.repeated), 0),
        atMost("the scheduler's memory in MB", mostMb, 300),
      ],
    );
  },
};
