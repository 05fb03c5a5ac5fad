import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createInstallation, freePort, insertManyWorkflows, startService } from '@millrace/testing';
import { atLeast, atMost, type Benchmark, createResult, type Target } from './benchmark.ts';
import { cpuMicroseconds } from './cpu-time.ts';
import { requestsPerSecond } from './http-load.ts';
import { measureLatency, type Paths } from './open-loop.ts';
import { median, quantile, round } from './statistics.ts';

const largeTenant = 'large';
const large = 10_000;
const small = { tenants: 999, workflows: 10 };
const perSecond = 50;
const seconds = 20;
const rounds = 6;
const roundMs = 2_000;
const bareKoa = fileURLToPath(new URL('../../../services/definitions-api/test/bare-koa.ts', import.meta.url));

/** The API over one tenant of 10,000 workflows and 999 of 10: its latency at 50 requests a second, and its rate beside a bare route. */
export const api: Benchmark = {
  summary: `lists, filters and reads at ${perSecond} a second for ${seconds} s; the rate of a read beside a bare Koa route's`,
  async run({ stackEnv, say }) {
    await using installation = await createInstallation('bench-api', await stackEnv());
    const { databaseUrl } = installation;
    const firstId = await insertManyWorkflows(installation.database, owners());
    await installation.database.pool.query('ANALYZE TABLE workflows, workflow_triggers, workflow_versions');
    const apiPort = await freePort();
    const env = { ...installation.env, API_PORT: String(apiPort), API_RATE_LIMIT: '0', LOG_LEVEL: 'warn' };
    await using service = await startService('definitions-api', env, await freePort());
    const base = `http://127.0.0.1:${apiPort}/api/v1`;
    const headers = { 'X-Tenant-ID': largeTenant };

    const latencies = await measureLatency({ base, headers, paths: pathsOf(firstId), perSecond, warmUpSeconds: 2 }, () =>
      delay(seconds * 1_000),
    );
    const targets: Target[] = [];
    const figures: Record<string, number> = {};
    for (const [kind, values] of latencies) {
      figures[`${kind}_p50_ms`] = round(quantile(values, 0.5), 1);
      const p99 = round(quantile(values, 0.99), 1);
      figures[`${kind}_p99_ms`] = p99;
      targets.push(atMost(`p99 of ${kind} in ms`, p99, 50));
    }

    const port = await freePort();
    const bare = spawn(process.execPath, [bareKoa], { env: { ...process.env, DATABASE_URL: databaseUrl, PORT: String(port) } });
    try {
      await once(bare.stdout, 'data');
      const place = `/workflows/${firstId}`;
      // Both are warm before they are held against each other.
      await requestsPerSecond({ url: () => `${base}${place}`, headers }, roundMs);
      await requestsPerSecond({ url: () => `http://127.0.0.1:${port}${place}`, headers }, roundMs);
      const rates = { api: [] as number[], bare: [] as number[] };
      const usedBefore = { api: cpuMicroseconds(service.pid), bare: cpuMicroseconds(bare.pid as number) };
      for (let round = 1; round <= rounds; round += 1) {
        const own = await requestsPerSecond({ url: () => `${base}${place}`, headers }, roundMs);
        const other = await requestsPerSecond({ url: () => `http://127.0.0.1:${port}${place}`, headers }, roundMs);
        say(`round ${round}: ${Math.round(own)} and ${Math.round(other)} a second`);
        // The first warms both up.
        if (round > 0)
          [rates.api, rates.bare] = [
            [...rates.api, own],
            [...rates.bare, other],
          ];
      }
      figures.reads_per_second = Math.round(median(rates.api));
      figures.bare_reads_per_second = Math.round(median(rates.bare));
      figures.rate_ratio = round(figures.reads_per_second / figures.bare_reads_per_second);
      const reads = (all: readonly number[]) => (all.reduce((sum, rate) => sum + rate, 0) * roundMs) / 1_000;
      figures.cpu_us_per_read = Math.round((cpuMicroseconds(service.pid) - usedBefore.api) / reads(rates.api));
      figures.bare_cpu_us_per_read = Math.round((cpuMicroseconds(bare.pid as number) - usedBefore.bare) / reads(rates.bare));
      targets.push(atLeast('rate of a read ÷ that of a bare route', figures.rate_ratio, 0.5));
    } finally {
      bare.kill();
      await once(bare, 'exit');
    }
    return createResult('api', figures, targets);
  },
};

function pathsOf(firstId: number): Paths {
  return [
    ['list', (number) => `/workflows?limit=50&offset=${(number % 20) * 50}`],
    ['list_by_name', () => '/workflows?limit=50&sort=name'],
    ['filter_by_trigger', () => '/workflows?limit=50&trigger_type=lead_scored'],
    ['filter_by_name', (number) => `/workflows?limit=50&enabled=true&name=${number % 1_000}`],
    ['get', (number) => `/workflows/${firstId + (number % large)}`],
  ];
}

/** The large tenant's workflows come first. */
function owners(): string[] {
  const others = Array.from({ length: small.tenants * small.workflows }, (_, index) => `small-${index % small.tenants}`);
  return [...Array.from({ length: large }, () => largeTenant), ...others];
}
