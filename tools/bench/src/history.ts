import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase, type Database, deleteInstances, findExistingInstanceIds, inSteps, migrate, stepSizes } from '@millrace/db';
import { createInstallation, freePort, type Installation, insertWorkflow, startService } from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { atLeast, atMost, type Benchmark, type BenchResult, createResult } from './benchmark.ts';
import { chunksOf, createdAtOf, type History, idOf, insertHistory, versionOf } from './history-rows.ts';
import { measureLatency, type Paths } from './open-loop.ts';
import { quantile, round } from './statistics.ts';

const tenantId = 'history';
const workflows = 50;
const days = 90;
const dayMs = 86_400_000;
const perSecond = 20;
const quietSeconds = 60;

/** Of each instance, in all tables. */
const rowsOfInstance = 9;

/** The API over a large history: statistics and newest pages, at rest and while a cleanup deletes as many rows as there are instances. */
export const history: Benchmark = {
  summary: 'the API over one tenant with many instances (--instances), five log rows each, at rest and while as many rows are deleted',
  sizes: { instances: 1_000_000 },
  async run({ stackEnv, say, size }) {
    await using installation = await createInstallation('bench-history', await stackEnv());
    await using kept = await openKept(installation, size('instances'));
    const { database, url } = kept;
    const all = await load(kept, say);
    const apiPort = await freePort();
    const env = { ...installation.env, DATABASE_URL: url, API_PORT: String(apiPort), API_RATE_LIMIT: '0', LOG_LEVEL: 'warn' };
    await using _api = await startService('definitions-api', env, await freePort());
    const requests = {
      base: `http://127.0.0.1:${apiPort}/api/v1`,
      headers: { 'X-Tenant-ID': tenantId },
      paths: pathsOf(all),
      perSecond,
      warmUpSeconds: 3,
    };
    const quiet = await measureLatency(requests, () => delay(quietSeconds * 1_000));
    say(`quiet: ${describe(quiet)}`);
    const sizes = { roll_ups_mb: await megabytes(database, rollUps), history_mb: await megabytes(database, tables) };
    const old = Math.ceil(all.instances / rowsOfInstance);
    let deleted = 0;
    const startedAt = performance.now();
    const busy = await measureLatency(requests, async () => {
      deleted = await cleanUp(database, createdAtOf(all, old));
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    say(`while ${deleted} instances went: ${describe(busy)}`);
    await kept.drop();
    return resultOf(quiet, busy, sizes, { deleted, seconds, expected: old });
  },
};

interface Kept extends AsyncDisposable {
  database: Database;
  url: string;
  instances: number;
  /** Without it, what was inserted stays for the next run. */
  drop(): Promise<void>;
}

/** A database that a run which was interrupted leaves behind, and the next one of the same size goes on with, unless its cleanup had begun. */
async function openKept({ databaseUrl }: Pick<Installation, 'databaseUrl'>, instances: number): Promise<Kept> {
  const name = `millrace_test_bench_history_${instances}`;
  const url = Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href;
  const run = async (statement: string) => {
    const connection = await createConnection(databaseUrl);
    await connection.query(statement).finally(() => connection.end());
  };
  await run(`create database if not exists ${name}`);
  await migrate({ url });
  const database = await connectDatabase({ url, poolSize: 4 });
  const [removed] = await database.pool.query<RowDataPacket[]>('SELECT 1 FROM removed_instances LIMIT 1');
  if (removed.length > 0) {
    await database[Symbol.asyncDispose]();
    await run(`drop database ${name}`);
    return openKept({ databaseUrl }, instances);
  }
  return {
    database,
    url,
    instances,
    drop: () => run(`drop database ${name}`),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Inserts what isn't there yet. */
async function load({ database, instances }: Kept, say: (line: string) => void): Promise<History> {
  const versions = await findOrInsertWorkflows(database);
  const toMs = (await momentOf(database, 'SELECT MIN(created_at) AS at FROM workflows')) ?? Date.now();
  const all: History = { versions, instances, fromMs: toMs - days * dayMs, toMs };
  const chunks = chunksOf(all);
  const connection = await database.pool.getConnection();
  const there = await findExistingInstanceIds(
    connection,
    chunks.map(([first]) => idOf(first as number)),
  );
  connection.release();
  const missing = chunks.filter(([first]) => !there.has(idOf(first as number)));
  if (there.size > 0) say(`${chunks.length - missing.length} of ${chunks.length} parts are there already`);
  let done = 0;
  const lane = async () => {
    for (let chunk = missing.shift(); chunk !== undefined; chunk = missing.shift()) {
      await insertHistory(database, all, chunk);
      done += chunk.length;
      if (Math.floor((done * 10) / instances) !== Math.floor(((done - chunk.length) * 10) / instances)) say(`${done} instances inserted`);
    }
  };
  await Promise.all([lane(), lane()]);
  await database.pool.query(
    'ANALYZE TABLE workflow_instances, workflow_execution_logs, workflow_action_executions, workflow_stats, workflow_action_stats',
  );
  return all;
}

async function momentOf({ pool }: Database, sql: string): Promise<number | null> {
  const [rows] = await pool.query<(RowDataPacket & { at: Date | null })[]>(sql);
  return rows[0]?.at?.getTime() ?? null;
}

async function findOrInsertWorkflows(database: Database): Promise<WorkflowVersion[]> {
  const { pool } = database;
  const find = async () => {
    const [rows] = await pool.query<(RowDataPacket & { definition: string })[]>(
      'SELECT definition FROM workflow_versions ORDER BY workflow_id',
    );
    return rows.map(({ definition }) => JSON.parse(definition) as WorkflowVersion);
  };
  const found = await find();
  if (found.length === workflows) return found;
  const action = { action_type: 'add_tag', action_config: { tag: 'hot' } };
  for (let number = found.length; number < workflows; number += 1) {
    await insertWorkflow({ database }, tenantId, [action, action, action]);
  }
  return find();
}

function pathsOf(all: History): Paths {
  const { versions, instances } = all;
  const workflow = (number: number) => `/workflows/${versions[number % versions.length]?.id}`;
  const instance = (number: number) => {
    // Of the newest fifth: a cleanup leaves it.
    const one = instances - 1 - ((number * 7_919) % Math.ceil(instances / 5));
    return `/workflows/${versionOf(all, one).id}/instances/${idOf(one)}`;
  };
  return [
    ['tenant_stats', () => '/stats'],
    ['tenant_stats_by_hour', () => '/stats?interval=hour'],
    ['workflow_stats', (number) => `${workflow(number)}/stats`],
    ['newest_page', () => '/instances?limit=50'],
    ['newest_page_of_workflow', (number) => `${workflow(number)}/instances?limit=50`],
    ['failed_page', () => '/instances?limit=50&status=failed'],
    ['instance', instance],
    ['instance_log', (number) => `${instance(number)}/log`],
  ];
}

/** Everything that is older, as a cleanup deletes it; answers how many instances. */
async function cleanUp(database: Database, beforeMs: number): Promise<number> {
  let deleted = 0;
  const retention = { tenantId, beforeMs, statuses: [], workflowId: null };
  for await (const chunk of inSteps((from) => deleteInstances(database, retention, from, stepSizes.instances))) deleted += chunk.deleted;
  return deleted;
}

const tables = ['workflow_instances', 'workflow_execution_logs', 'workflow_action_executions'];
const rollUps = ['workflow_stats', 'workflow_action_stats'];

/** Of tables with their indexes, as the database estimates it. */
async function megabytes({ pool }: Database, names: readonly string[]): Promise<number> {
  const [[row]] = await pool.query<(RowDataPacket & { bytes: number })[]>(
    'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?)',
    [names],
  );
  return round(Number(row?.bytes) / 1e6, 1);
}

const p99 = (values: readonly number[] | undefined) => round(quantile(values ?? [], 0.99), 1);

function describe(latencies: ReadonlyMap<string, number[]>): string {
  return [...latencies].map(([kind, values]) => `${kind} ${p99(values)}`).join(', ');
}

/** What a person waits for, in ms. */
const bounds: Record<string, number> = { instance: 20, instance_log: 20 };
const usualBound = 50;

interface Cleanup {
  deleted: number;
  expected: number;
  seconds: number;
}

function resultOf(
  quiet: ReadonlyMap<string, number[]>,
  busy: ReadonlyMap<string, number[]>,
  sizes: Record<string, number>,
  { deleted, expected, seconds }: Cleanup,
): BenchResult {
  const figures: Record<string, number> = { ...sizes };
  for (const [kind, values] of quiet) {
    figures[`${kind}_p50_ms`] = round(quantile(values, 0.5), 1);
    figures[`${kind}_p99_ms`] = p99(values);
    figures[`${kind}_p99_during_cleanup_ms`] = p99(busy.get(kind));
  }
  const ratio = round(p99([...busy.values()].flat()) / p99([...quiet.values()].flat()));
  Object.assign(figures, {
    deleted_instances: deleted,
    deleted_rows_per_second: Math.round((deleted * rowsOfInstance) / seconds),
    cleanup_p99_ratio: ratio,
  });
  return createResult('history', figures, [
    ...[...quiet].map(([kind, values]) => atMost(`p99 of ${kind} in ms`, p99(values), bounds[kind] ?? usualBound)),
    atMost("the API's p99 during a cleanup ÷ that at rest", ratio, 2),
    atLeast('instances deleted', deleted, expected),
  ]);
}
