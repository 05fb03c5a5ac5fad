import { atLeast, atMost, type Benchmark, createResult, killInTurn } from '@millrace/bench';
import { type Millrace, runTool, startMillrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { ended, plain, publishLeads, winding } from './leads.ts';

const instances = 100_000;
const killEveryMs = 5_000;
const tenantId = 'chaos';

/** The log of many instances while the services that write and keep it are killed in turn, against the instances, the roll-ups and itself. */
export const log: Benchmark = {
  summary: `${instances.toLocaleString('en-US')} instances while audit-logger and executor are killed with -9 in turn, every ${killEveryMs / 1_000} s`,
  async run({ stackEnv, say }) {
    await using millrace = await startMillrace('chaos-log', { stackEnv: await stackEnv() });
    for (const workflow of [plain, winding]) await millrace.publishWorkflow(tenantId, workflow);
    const work = new AbortController();
    const killing = killInTurn(millrace.services, {
      victims: ['audit-logger', 'executor'],
      everyMs: killEveryMs,
      signal: work.signal,
      say,
    });
    await publishLeads(millrace, [tenantId], instances);
    await ended(millrace, instances, say);
    work.abort();
    const kills = await killing;
    await millrace.drained(120_000);
    const faults = await countLogFaults(millrace);
    const { env } = millrace.installation;
    const accounts = await runTool('accounts', ['--json'], env);
    if (accounts.code !== 0) say(`accounts: ${accounts.stdout || accounts.stderr}`);
    const copy = `${new URL(env.DATABASE_URL as string).pathname.slice(1)}_copy`;
    const rebuilt = await runTool('audit-rebuild', ['--into', copy, '--json'], env);
    await millrace.installation.database.pool.query(`DROP DATABASE IF EXISTS \`${copy}\``);
    if (rebuilt.code !== 0) say(`audit:rebuild: ${(rebuilt.stdout || rebuilt.stderr).slice(0, 5_000)}`);
    return createResult('log', { kills, ...faults }, [
      atLeast('instances', faults.instances, instances),
      atMost('instances with a gap in their log', faults.with_gap, 0),
      atMost('instances that ended otherwise than their log', faults.ended_otherwise, 0),
      atMost('accounts that do not add up, the roll-ups among them', accounts.code ?? 1, 0),
      atMost('rebuilt tables that differ', rebuilt.code ?? 1, 0),
    ]);
  },
};

async function countLogFaults({ installation }: Millrace): Promise<{ instances: number; with_gap: number; ended_otherwise: number }> {
  const [[row]] = await installation.database.pool.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS instances,
            SUM(l.entries IS NULL OR l.lowest <> 1 OR l.highest <> l.entries) AS with_gap,
            SUM(NOT EXISTS (SELECT 1 FROM workflow_execution_logs AS n
                             WHERE n.instance_id = i.id AND n.seq = l.highest AND n.status = i.status)) AS ended_otherwise
       FROM workflow_instances AS i
       LEFT JOIN (SELECT instance_id, COUNT(*) AS entries, MIN(seq) AS lowest, MAX(seq) AS highest
                    FROM workflow_execution_logs GROUP BY instance_id) AS l ON l.instance_id = i.id`,
  );
  return { instances: Number(row?.instances), with_gap: Number(row?.with_gap), ended_otherwise: Number(row?.ended_otherwise) };
}
