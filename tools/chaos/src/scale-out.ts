import { atLeast, atMost, type Benchmark, createResult } from '@millrace/bench';
import { type Millrace, readMetric, runTool, startMillrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';
import { ended, plain, publishLeads, winding } from './leads.ts';

const processes = [1, 2, 4];
const scaled = ['trigger-matcher', 'executor', 'audit-logger'] as const;
const tenantIds = Array.from({ length: 12 }, (_, number) => `tenant-${number}`);
/** What each process that took part has counted. */
const work: Record<(typeof scaled)[number], string> = {
  'trigger-matcher': 'millrace_matcher_commands_total',
  executor: 'millrace_executor_attempts_total',
  'audit-logger': 'millrace_audit_entries_inserted_total',
};

/** The same leads through one, two and four processes of each service that carries them: the same accounts, whatever the number. */
export const scaleOut: Benchmark = {
  summary: `the same leads of ${tenantIds.length} tenants through ${processes.join(', ')} matchers, executors and audit loggers each (--instances)`,
  sizes: { instances: 20_000 },
  async run({ stackEnv, say, size }) {
    const figures: Record<string, number> = {};
    const outcomes: string[] = [];
    let wrong = 0;
    let idle = 0;
    for (const count of processes) {
      await using millrace = await startMillrace(`chaos-scale-${count}`, { stackEnv: await stackEnv() });
      await Promise.all(scaled.map((name) => Promise.all(Array.from({ length: count - 1 }, () => millrace.services.add(name)))));
      for (const tenantId of tenantIds) for (const workflow of [plain, winding]) await millrace.publishWorkflow(tenantId, workflow);
      const startedAt = performance.now();
      await publishLeads(millrace, tenantIds, size('instances'));
      await ended(millrace, size('instances'), say);
      figures[`seconds_with_${count}`] = Math.round((performance.now() - startedAt) / 1_000);
      await millrace.drained(120_000);
      idle += await countIdle(millrace);
      const accounts = await runTool('accounts', ['--json'], millrace.installation.env);
      if (accounts.code !== 0) wrong += 1;
      if (accounts.code !== 0) say(`accounts with ${count}: ${accounts.stdout || accounts.stderr}`);
      outcomes.push(await readOutcome(millrace));
      say(`${count} of each: ${outcomes.at(-1)}`);
    }
    const different = outcomes.filter((outcome) => outcome !== outcomes[0]).length;
    return createResult('scale-out', figures, [
      atMost('accounts that do not add up', wrong, 0),
      atMost('numbers of processes whose instances, log or action executions differ from those of one', different, 0),
      atMost('processes that had nothing to do', idle, 0),
      atLeast('numbers of processes', outcomes.length, processes.length),
    ]);
  },
};

async function countIdle({ services }: Millrace): Promise<number> {
  const counted = scaled.flatMap((name) => services.all(name).map((process) => readMetric(process, work[name])));
  return (await Promise.all(counted)).filter((done) => done === 0).length;
}

/** What became of every instance, action and entry but for times, as counts and sums that any difference changes. */
async function readOutcome({ installation }: Millrace): Promise<string> {
  const [[row]] = await installation.database.pool.query<RowDataPacket[]>(
    `SELECT (SELECT CONCAT(COUNT(*), ':', SUM(CRC32(CONCAT_WS('|', HEX(id), status, progress, executed_actions, failed_actions))))
               FROM workflow_instances) AS instances,
            (SELECT CONCAT(COUNT(*), ':', SUM(CRC32(CONCAT_WS('|', HEX(instance_id), seq, action, COALESCE(action_id, 0), status))))
               FROM workflow_execution_logs) AS entries,
            (SELECT CONCAT(COUNT(*), ':', SUM(CRC32(CONCAT_WS('|', HEX(instance_id), action_id, status, attempts))))
               FROM workflow_action_executions) AS actions`,
  );
  return `instances ${row?.instances}, entries ${row?.entries}, action executions ${row?.actions}`;
}
