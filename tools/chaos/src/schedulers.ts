import { setTimeout as delay } from 'node:timers/promises';
import { atLeast, atMost, type Benchmark, createResult } from '@millrace/bench';
import {
  createInstallation,
  eventually,
  freePort,
  type Installation,
  type ServiceProcess,
  startService,
  startServices,
} from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { insertTasks } from './insert-tasks.ts';

const tasks = 200;
const seconds = 60;
const killEveryMs = 5_000;

/** Two schedulers over tasks of every second, one of them killed again and again, in turn. */
export const schedulers: Benchmark = {
  summary: `two schedulers, ${tasks} tasks of every second for ${seconds} s, one killed with -9 every ${killEveryMs / 1_000} s`,
  async run({ stackEnv, say }) {
    await using installation = await createInstallation('chaos-schedulers', await stackEnv());
    await using _others = await startServices(['executor', 'audit-logger'], installation.env);
    const pair: ServiceProcess[] = [];
    for (let each = 0; each < 2; each += 1) pair.push(await startService('scheduler', installation.env, await freePort()));
    const firstMs = await insertTasks(installation, { '* * * * * *': tasks });
    const lastMs = firstMs + (seconds - 1) * 1_000;
    let kills = 0;
    while (Date.now() < lastMs + 1_000) {
      await delay(killEveryMs);
      const victim = kills % 2;
      kills += 1;
      pair[victim]?.kill('SIGKILL');
      await pair[victim]?.exited;
      pair[victim] = await startService('scheduler', installation.env, await freePort());
      say(`${kills} killed`);
    }
    const seen = await eventually(
      async () => {
        const found = await readOccurrences(installation, firstMs, lastMs);
        if (found.size < tasks * seconds) throw new Error(`Expected ${tasks * seconds} occurrences, but there are ${found.size}`);
        return found;
      },
      { timeoutMs: 60_000, everyMs: 1_000 },
    ).catch(() => readOccurrences(installation, firstMs, lastMs));
    await Promise.all(pair.map((each) => each[Symbol.asyncDispose]()));
    const ran = [...seen.values()].filter(({ status }) => status === 'completed').length;
    const skipped = [...seen.values()].filter(({ status }) => status === 'cancelled').length;
    const repeated = [...seen.values()].filter(({ instances }) => instances > 1).length;
    return createResult('schedulers', { kills, expected: tasks * seconds, ran, skipped, repeated }, [
      atLeast('occurrences accounted for', ran + skipped, tasks * seconds),
      atMost('occurrences that are two instances', repeated, 0),
      atMost('occurrences skipped', skipped, 0),
    ]);
  },
};

async function readOccurrences(
  { database: { pool } }: Installation,
  firstMs: number,
  lastMs: number,
): Promise<Map<string, { status: string; instances: number }>> {
  const [rows] = await pool.query<(RowDataPacket & { task: number; due: Date; status: string; instances: number })[]>(
    `SELECT scheduled_task_id AS task, scheduled_for AS due, MIN(status) AS status, COUNT(*) AS instances
       FROM workflow_instances GROUP BY scheduled_task_id, scheduled_for`,
  );
  return new Map(
    rows
      .filter(({ due }) => due.getTime() >= firstMs && due.getTime() <= lastMs)
      .map(({ task, due, status, instances }) => [`${task}@${due.getTime()}`, { status, instances: Number(instances) }]),
  );
}
