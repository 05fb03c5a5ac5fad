import { type Database, findStatDifferences, type InstanceRow, insertInstances } from '@millrace/db';
import { type ExecutionLog, topics } from '@millrace/messages';
import { createInstallation, eventually, freePort, type Installation, insertWorkflow, readMetric, startService } from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import type { RowDataPacket } from 'mysql2/promise';
import { entriesOfInstance, logsOf, newInstanceIds } from './audit-rows.ts';
import { insertBare } from './bare-insert.ts';
import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { cpuMicroseconds } from './cpu-time.ts';
import { median, round } from './statistics.ts';

const rounds = 5;
const workflowsOfTenant = 10;
const writer = 'audit-logger';
const bare = 'bare';

/** The audit logger's backlog beside a loop that does nothing but insert the same rows, by turns on the same tables. */
export const audit: Benchmark = {
  summary: `a backlog of log entries (--entries) drained by the audit logger, and inserted by a bare loop, in ${rounds} turns each`,
  sizes: { entries: 1_000_000 },
  async run({ stackEnv, serverPids, say, size }) {
    await using installation = await createInstallation('bench-audit', await stackEnv());
    const { database } = installation;
    const instances = Math.ceil(size('entries') / entriesOfInstance / rounds);
    const own = await insertWorkflows(installation, writer);
    const others = await insertWorkflows(installation, bare);
    const { database: databasePid } = await serverPids();
    const rates = { writer: [] as number[], bare: [] as number[] };
    const cpu = { writer: [] as number[], database: [] as number[], bareDatabase: [] as number[] };
    const entries = instances * entriesOfInstance;
    for (let number = 1; number <= rounds; number += 1) {
      const backlog = await createLogs(database, own, instances);
      await publish(installation, backlog);
      const drained = await drain(installation, entries, databasePid);
      const logs = await createLogs(database, others, instances);
      const [startedAt, databaseBefore] = [performance.now(), usedBy(databasePid)];
      await insertBare(database, logs);
      rates.bare.push((entries * 1_000) / (performance.now() - startedAt));
      rates.writer.push(drained.perSecond);
      cpu.writer.push(drained.cpuUs / instances);
      cpu.database.push(drained.databaseCpuUs / instances);
      cpu.bareDatabase.push((usedBy(databasePid) - databaseBefore) / instances);
      say(`turn ${number}: ${Math.round(drained.perSecond)} and ${Math.round(rates.bare.at(-1) ?? 0)} entries a second`);
    }
    const wrong = await accountsOf(database, instances * rounds);
    for (const fault of wrong) say(fault);
    // Turn by turn: what else the machine does meanwhile slows both.
    const ratio = round(median(rates.writer.map((rate, turn) => rate / (rates.bare[turn] as number))));
    return createResult(
      'audit',
      {
        entries_per_second: Math.round(median(rates.writer)),
        bare_entries_per_second: Math.round(median(rates.bare)),
        rate_ratio: ratio,
        cpu_us_per_instance: round(median(cpu.writer), 1),
        database_cpu_us_per_instance: round(median(cpu.database), 1),
        bare_database_cpu_us_per_instance: round(median(cpu.bareDatabase), 1),
      },
      [atLeast('drain rate ÷ that of a bare loop', ratio, 0.6), atMost('accounts that do not add up', wrong.length, 0)],
    );
  },
};

const usedBy = (pid: number | undefined) => (pid === undefined ? Number.NaN : cpuMicroseconds(pid));

function insertWorkflows(installation: Installation, tenantId: string): Promise<WorkflowVersion[]> {
  const action = { action_type: 'add_tag', action_config: { tag: 'hot' } };
  return Promise.all(Array.from({ length: workflowsOfTenant }, () => insertWorkflow(installation, tenantId, [action, action, action])));
}

/** Logs of instances that are in their table, as the executor leaves it before it tells of them. */
async function createLogs({ pool }: Database, versions: readonly WorkflowVersion[], count: number): Promise<ExecutionLog[]> {
  const now = Date.now();
  const ids = newInstanceIds(count);
  const versionOf = (index: number) => versions[index % versions.length] as WorkflowVersion;
  for (let from = 0; from < count; from += 1_000) {
    const rows = ids
      .slice(from, from + 1_000)
      .map((id, index) => ({ ...anInstance, id, ...ownerOf(versionOf(from + index)), createdAtMs: now }));
    await insertInstances(pool, rows, 'aa'.repeat(16));
  }
  return ids.flatMap((id, index) => logsOf(versionOf(index), id, now + (index % 3_600)));
}

const ownerOf = ({ id, tenant_id }: WorkflowVersion) => ({ tenantId: tenant_id, workflowId: id });

const anInstance: Omit<InstanceRow, 'id' | 'tenantId' | 'workflowId' | 'createdAtMs'> = {
  workflowVersion: 1,
  scheduledTaskId: null,
  scheduledForMs: null,
  entityType: 'lead',
  entityId: 'lead-1',
  triggeredBy: 'event',
  triggeredByValue: 'event-1',
  status: 'completed',
  progress: 100,
  executedActions: 3,
  failedActions: 0,
  rowVersion: 3,
  journal: '[]',
  publishedSeq: 0,
  wakeAtMs: null,
  waitingFor: null,
  inbox: null,
  startedAtMs: null,
  completedAtMs: null,
};

async function publish({ bus, codec }: Installation, logs: readonly ExecutionLog[]): Promise<void> {
  for (let from = 0; from < logs.length; from += 1_000) {
    const records = logs.slice(from, from + 1_000).map(async (log) => ({
      topic: topics.executionLog,
      tenantId: log.tenant_id,
      entityType: log.entity_type,
      entityId: log.entity_id,
      value: await codec.encode(topics.executionLog, log),
    }));
    await bus.publish(await Promise.all(records));
  }
}

/** Starts the audit logger on a backlog; its rate from its first batch to its last. */
async function drain(installation: Installation, entries: number, databasePid: number | undefined) {
  await using service = await startService('audit-logger', { ...installation.env, LOG_LEVEL: 'warn' }, await freePort());
  const inserted = () => readMetric(service, 'millrace_audit_entries_inserted_total');
  const look = async () => ({
    entries: await inserted(),
    atMs: performance.now(),
    cpuUs: cpuMicroseconds(service.pid),
    databaseCpuUs: usedBy(databasePid),
  });
  const first = await lookUntil(look, 1);
  const last = await lookUntil(look, entries);
  const share = entries / (last.entries - first.entries);
  return {
    perSecond: ((last.entries - first.entries) * 1_000) / (last.atMs - first.atMs),
    cpuUs: (last.cpuUs - first.cpuUs) * share,
    databaseCpuUs: (last.databaseCpuUs - first.databaseCpuUs) * share,
  };
}

function lookUntil<Look extends { entries: number }>(look: () => Promise<Look>, entries: number): Promise<Look> {
  return eventually(
    async () => {
      const seen = await look();
      if (seen.entries < entries) throw new Error(`Expected ${entries} entries, but there are ${seen.entries}`);
      return seen;
    },
    { timeoutMs: 300_000, everyMs: 50 },
  );
}

/** What doesn't add up of what the audit logger wrote, as texts. */
async function accountsOf({ pool }: Database, instances: number): Promise<string[]> {
  const [[log]] = await pool.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS entries, COUNT(DISTINCT instance_id) AS instances, MAX(seq) AS last FROM workflow_execution_logs WHERE tenant_id = ?',
    [writer],
  );
  const [[actions]] = await pool.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS completed FROM workflow_action_executions WHERE tenant_id = ? AND status = 'completed'",
    [writer],
  );
  const expected = {
    'log rows': [Number(log?.entries), instances * entriesOfInstance],
    'instances in the log': [Number(log?.instances), instances],
    'last seq': [Number(log?.last), entriesOfInstance],
    'completed actions': [Number(actions?.completed), instances * 3],
  };
  const counts = Object.entries(expected).flatMap(([what, [found, wanted]]) =>
    found === wanted ? [] : [`${what}: ${found}, expected ${wanted}`],
  );
  const differences = await findStatDifferences(pool, Date.now() - 7 * 86_400_000);
  const own = differences.filter(({ tenantId }) => tenantId === writer);
  return [...counts, ...own.map(({ what, rolledUp, counted }) => `statistics: ${what}: ${rolledUp} instead of ${counted}`)];
}
