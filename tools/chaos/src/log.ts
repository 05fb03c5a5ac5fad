import { setTimeout as delay } from 'node:timers/promises';
import { atLeast, atMost, type Benchmark, createResult } from '@millrace/bench';
import { aLeadCreated, eventually, type Millrace, runTool, startMillrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';

const instances = 100_000;
const batch = 500;
const killEveryMs = 5_000;
const tenantId = 'chaos';
/** Every so many leads are from a fair, and go through more than three actions. */
const fairEvery = 20;

const tagged = (tag: string) => ({ action_type: 'add_tag', action_config: { tag } });
const plain = {
  name: 'Plain',
  enabled: true,
  triggers: [{ trigger_type: 'lead_created', trigger_config: { source: 'website' } }],
  actions: [tagged('first'), tagged('second'), tagged('third')],
};
/** Waits, splits, branches, skips, goes on after a failure and fails at last. */
const winding = {
  name: 'Winding',
  enabled: true,
  triggers: [{ trigger_type: 'lead_created', trigger_config: { source: 'fair' } }],
  actions: [
    { name: 'wait', action_type: 'delay', action_config: { seconds: 2 } },
    {
      name: 'half',
      action_type: 'split',
      action_config: {
        arms: [
          { name: 'a', weight: 1, actions: [tagged('a')] },
          { name: 'b', weight: 1, actions: [tagged('b')] },
        ],
      },
    },
    { ...tagged('never'), conditions: [{ field: 'lead_score', operator: 'greater_than', value: 1_000 }] },
    { name: 'refused', action_type: 'http_request', action_config: { method: 'GET', url: 'http://10.0.0.1/' }, on_error: 'continue' },
    {
      name: 'warm',
      action_type: 'branch',
      action_config: {
        branches: [
          {
            name: 'warm',
            conditions: [{ field: 'lead_score', operator: 'greater_than', value: 50 }],
            actions: [{ name: 'end', action_type: 'exit', action_config: { status: 'failed', reason: 'warm' } }],
          },
        ],
        else_actions: [tagged('cold')],
      },
    },
  ],
};

/** The log of many instances while the services that write and keep it are killed in turn, against the instances, the roll-ups and itself. */
export const log: Benchmark = {
  summary: `${instances.toLocaleString('en-US')} instances while audit-logger and executor are killed with -9 in turn, every ${killEveryMs / 1_000} s`,
  async run({ stackEnv, say }) {
    await using millrace = await startMillrace('chaos-log', { stackEnv: await stackEnv() });
    for (const workflow of [plain, winding]) await millrace.publishWorkflow(tenantId, workflow);
    const work = new AbortController();
    const killing = killInTurn(millrace, work.signal, say);
    await publish(millrace);
    await ended(millrace, say);
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

async function killInTurn({ services }: Millrace, signal: AbortSignal, say: (line: string) => void): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    await delay(killEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return kills;
    const victim = kills % 2 === 0 ? 'audit-logger' : 'executor';
    await services.end(victim, 'SIGKILL');
    await services.restart(victim);
    say(`${victim} killed`);
  }
}

async function publish({ crm }: Millrace): Promise<void> {
  for (let from = 0; from < instances; from += batch) {
    const events = Array.from({ length: batch }, (_, at) => {
      const lead = `lead-${from + at}`;
      const source = (from + at) % fairEvery === 0 ? 'fair' : 'website';
      return aLeadCreated({ tenant_id: tenantId, event_id: lead, entity_id: lead }, { source, lead_score: (from + at) % 100 });
    });
    await crm.publish(events);
  }
}

/** Resolved once all have ended. */
async function ended({ installation }: Millrace, say: (line: string) => void): Promise<void> {
  await eventually(
    async () => {
      const [[row]] = await installation.database.pool.query<RowDataPacket[]>(
        "SELECT COUNT(*) AS done FROM workflow_instances WHERE status IN ('completed', 'failed', 'cancelled')",
      );
      const done = Number(row?.done);
      say(`${done} of ${instances} ended`);
      if (done < instances) throw new Error(`Expected ${instances} instances to end, but ${done} have`);
    },
    { timeoutMs: 20 * 60_000, everyMs: 5_000 },
  );
}

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
