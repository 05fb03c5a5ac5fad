import { findDueInstances, hexLiteral, textLiteral, timeLiteral } from '@millrace/db';
import { instanceId, topics } from '@millrace/messages';
import {
  anEventView,
  createInstallation,
  eventually,
  type Installation,
  insertWorkflow,
  readTopic,
  startServices,
} from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import type { RowDataPacket } from 'mysql2/promise';
import { atLeast, atMost, type BenchContext, type Benchmark, createResult } from './benchmark.ts';
import { startCpuMeter } from './cpu-time.ts';
import { watchMemory } from './memory.ts';
import { type Round, runRound, startUnlimited } from './round-of-work.ts';
import { median, quantile, round } from './statistics.ts';
import { workW } from './workload.ts';

const rowsAStatement = 2_000;
const tenantId = 'bench';
const dueInMs = 20_000;

/** Many parked instances, and many delays that are due in the same second; beside the rate of W in the same run. */
export const timers: Benchmark = {
  summary: '1,000,000 instances parked (--parked); 100,000 delays due in the same second (--due), resumed through the executor, beside W',
  sizes: { parked: 1_000_000, due: 100_000, events: 10_000, rounds: 5 },
  async run(context) {
    const { stackEnv, serverPids, say, size } = context;
    const [parkedForLong, dueAtOnce] = [size('parked'), size('due')];
    const w = await measureW(context);
    say(`W: ${Math.round(w.perSecond)} a second`);
    await using installation = await createInstallation('bench-timers', await stackEnv());
    const version = await insertWorkflow(installation, tenantId, [
      { action_type: 'add_tag', action_config: { tag: 'woken' }, delay_seconds: 3_600 },
    ]);
    const year = Date.now() + 365 * 86_400_000;
    await park(installation, version, 'later', parkedForLong, () => year);
    say(`${parkedForLong.toLocaleString('en-US')} rows parked for a year`);
    const ticks = await timeTicks(installation);

    const dueMs = Math.ceil((Date.now() + dueInMs + dueAtOnce / 10) / 1_000) * 1_000;
    await park(installation, version, 'due', dueAtOnce, (number) => dueMs + (number % 1_000));
    say(`${dueAtOnce.toLocaleString('en-US')} delays due in ${Math.round((dueMs - Date.now()) / 1_000)} s`);
    await using crm = await readTopic(installation, topics.crmCommands);
    await using services = await startServices(['executor', 'scheduler', 'audit-logger'], installation.env);
    const pids = Object.fromEntries(services.names.map((name) => [name, services.get(name).pid]));
    const memory = watchMemory(pids);
    const cpu = startCpuMeter({ ...pids, ...(await serverPids()) });
    await eventually(
      async () => {
        const left = await countDue(installation);
        if (left > 0) throw new Error(`Expected all delays to be resumed, but ${left} are not`);
      },
      { timeoutMs: 300_000, everyMs: 500 },
    );
    const cpuUs = cpu.perUnit(dueAtOnce);
    const outcome = await readOutcome(installation);
    const mostMb = memory.stop();
    const commands = await eventually(
      async () => {
        const all = await crm.values();
        if (all.length < dueAtOnce) throw new Error(`Expected ${dueAtOnce} commands, but there are ${all.length}`);
        return all;
      },
      { timeoutMs: 120_000, everyMs: 1_000 },
    );
    const repeated = commands.length - new Set(commands.map((command) => command.command_id)).size;
    const rate = Math.round((dueAtOnce * 1_000) / (outcome.lastMs - dueMs));
    const ratio = round(rate / w.perSecond);
    return createResult(
      'timers',
      {
        idle_tick_p50_ms: round(quantile(ticks, 0.5)),
        idle_tick_p99_ms: round(quantile(ticks, 0.99)),
        resumed_per_second: rate,
        w_per_second: Math.round(w.perSecond),
        ratio_to_w: ratio,
        completed: outcome.completed,
        early: outcome.early,
        repeated,
        scheduler_most_mb: mostMb.scheduler ?? 0,
        executor_most_mb: mostMb.executor ?? 0,
        ...Object.fromEntries(Object.entries(cpuUs).map(([name, us]) => [`${name.replace('-', '_')}_cpu_us`, us])),
      },
      [
        atLeast('delays resumed per second', rate, 1_500),
        atLeast('delays resumed ÷ W, a second', ratio, 0.8),
        atMost('accounts of W that do not add up', w.wrong, 0),
        atMost('resumed early', outcome.early, 0),
        atMost('effects repeated', repeated, 0),
        atLeast('completed', outcome.completed, dueAtOnce),
        atMost('an idle tick with all of them parked, p50 in ms', round(quantile(ticks, 0.5)), 5),
        atMost("the scheduler's memory in MB", mostMb.scheduler ?? 0, 300),
      ],
    );
  },
};

/** W before anything is parked; the first round warms up. */
async function measureW(context: BenchContext): Promise<{ perSecond: number; wrong: number }> {
  await using millrace = await startUnlimited('bench-timers-w', context);
  const rounds: Round[] = [];
  for (let number = 0; number <= context.size('rounds'); number += 1)
    rounds.push(await runRound(millrace, context, { work: workW, tenantId: `w-${number}`, events: context.size('events') }));
  return {
    perSecond: median(rounds.slice(1).map(({ instancesPerSecond }) => instancesPerSecond)),
    wrong: rounds.reduce((sum, { faults }) => sum + faults.length, 0),
  };
}

/** Inserts instances that wait for their delay, as the executor leaves them. */
async function park(
  { database: { pool } }: Installation,
  version: WorkflowVersion,
  prefix: string,
  count: number,
  dueOf: (number: number) => number,
): Promise<void> {
  const action = version.actions[0] as WorkflowVersion['actions'][number];
  const at = Date.now();
  for (let from = 0; from < count; from += rowsAStatement) {
    const rows = Array.from({ length: Math.min(rowsAStatement, count - from) }, (_, offset) => {
      const number = from + offset;
      const leadId = `${prefix}-${number}`;
      const event = anEventView({ event_id: leadId, entity_id: leadId, data: { lead_id: leadId } });
      const until = new Date(dueOf(number)).toISOString();
      const journal = [
        {
          seq: 1,
          type: 'instance_started',
          at,
          status: 'running',
          detail: { event, triggered_by: 'event', triggered_by_value: leadId, trigger_id: null, now: at },
        },
        {
          seq: 2,
          type: 'delay_started',
          at,
          status: 'pending',
          action_id: action.id,
          action_name: action.name,
          action_type: action.action_type,
          detail: { until },
        },
      ];
      const id = instanceId({ tenantId, workflowId: version.id, kind: 'event', originId: leadId });
      return { id, sql: rowSql(id, version, leadId, JSON.stringify(journal), dueOf(number), at) };
    });
    await pool.query(
      `INSERT INTO workflow_instances (id, tenant_id, workflow_id, workflow_version, entity_type, entity_id, triggered_by, triggered_by_value,
         status, row_version, journal, published_seq, wake_at, waiting_for, started_at, created_at, updated_at)
       VALUES ${rows
         .toSorted((a, b) => (a.id < b.id ? -1 : 1))
         .map(({ sql }) => sql)
         .join(',')}`,
    );
  }
}

function rowSql(id: string, version: WorkflowVersion, leadId: string, journal: string, dueMs: number, atMs: number): string {
  const at = timeLiteral(atMs);
  return `(${hexLiteral(id)},${textLiteral(tenantId)},${version.id},1,'lead',${textLiteral(leadId)},'event',${textLiteral(leadId)},'running',1,${textLiteral(journal)},2,${timeLiteral(dueMs)},'delay',${at},${at},${at})`;
}

/** What the scheduler's reading costs when nothing is due, in ms. */
async function timeTicks({ database: { pool } }: Installation): Promise<number[]> {
  const ticks: number[] = [];
  for (let tick = 0; tick < 120; tick += 1) {
    const startedAt = performance.now();
    await findDueInstances(pool, Date.now() + 5_000, 10_000);
    if (tick >= 20) ticks.push(performance.now() - startedAt);
  }
  return ticks;
}

async function countDue({ database: { pool } }: Installation): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS due FROM workflow_instances WHERE status = 'running' AND wake_at < ${timeLiteral(Date.now() + 3_600_000)}`,
  );
  const [active] = await pool.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS active FROM workflow_instances WHERE status = 'running' AND wake_at IS NULL",
  );
  return Number(rows[0]?.due) + Number(active[0]?.active);
}

async function readOutcome({ database: { pool } }: Installation): Promise<{ completed: number; early: number; lastMs: number }> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS completed, MAX(completed_at) AS last,
            SUM(completed_at < STR_TO_DATE(JSON_VALUE(CONVERT(journal USING utf8mb4), '$[1].detail.until'), '%Y-%m-%dT%H:%i:%s.%fZ')) AS early
       FROM workflow_instances WHERE status = 'completed'`,
  );
  const [row] = rows as [RowDataPacket];
  return { completed: Number(row.completed), early: Number(row.early), lastMs: (row.last as Date).getTime() };
}
