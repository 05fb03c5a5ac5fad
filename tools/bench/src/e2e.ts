import { type Millrace, startMillrace } from '@millrace/testing';
import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { cpuMicroseconds } from './cpu-time.ts';
import { median, round } from './statistics.ts';
import { accountsOfW, leadEvents, logRows, logRowsOfW, newestLogId, publishAll, workflowW } from './workload.ts';

const events = 10_000;
const rounds = 5;
const services = ['trigger-matcher', 'executor', 'audit-logger'] as const;

/** W through all services: from the first event sent to the last log row. */
export const e2e: Benchmark = {
  summary: `${events.toLocaleString('en-US')} events of W a round, ${rounds} rounds after one to warm up`,
  async run({ stackEnv, serverPids, say }) {
    await using millrace = await startMillrace('bench-e2e', { stackEnv: await stackEnv(), env: { TENANT_EVENTS_PER_SECOND: '100000' } });
    const rates: number[] = [];
    const pids = { ...Object.fromEntries(services.map((name) => [name, millrace.services.get(name).pid])), ...(await serverPids()) };
    const cpu: Record<string, number[]> = Object.fromEntries(Object.keys(pids).map((name) => [name, []]));
    let wrong = 0;
    for (let number = 0; number <= rounds; number += 1) {
      const tenantId = `bench-${number}`;
      await millrace.publishWorkflow(tenantId, workflowW);
      const before = cpuOf(pids);
      const rate = await runRound(millrace, tenantId);
      const after = cpuOf(pids);
      const faults = await accountsOfW(millrace, tenantId, events);
      wrong += faults.length;
      say(`round ${number}: ${Math.round(rate)} a second ${faults.join('; ')}`);
      if (number === 0) continue;
      rates.push(rate);
      for (const name of Object.keys(pids)) cpu[name]?.push(((after[name] ?? 0) - (before[name] ?? 0)) / events);
    }
    const figures = {
      workflows_per_second: Math.round(median(rates)),
      ...Object.fromEntries(Object.entries(cpu).map(([name, each]) => [`${name.replace('-', '_')}_cpu_us`, round(median(each), 1)])),
    };
    return createResult('e2e', figures, [
      atMost('accounts that do not add up', wrong, 0),
      atLeast('W per second', figures.workflows_per_second, 4_550),
    ]);
  },
};

async function runRound(millrace: Millrace, tenantId: string): Promise<number> {
  const all = leadEvents(tenantId, events);
  const sinceId = await newestLogId(millrace);
  const startedAt = performance.now();
  await publishAll(millrace, all);
  await logRows(millrace, tenantId, events * logRowsOfW, sinceId, 180_000);
  return (events * 1_000) / (performance.now() - startedAt);
}

function cpuOf(pids: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMicroseconds(pid)]));
}
