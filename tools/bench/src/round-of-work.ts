import { type Millrace, startMillrace } from '@millrace/testing';
import type { BenchContext } from './benchmark.ts';
import { startCpuMeter } from './cpu-time.ts';
import { median, round } from './statistics.ts';
import { accountsOf, leadEvents, logRows, newestLogId, publishAll, type Work } from './workload.ts';

const carriers = ['trigger-matcher', 'executor', 'audit-logger'] as const;

/** A whole Millrace whose tenants are held back by no limit of events. */
export async function startUnlimited(name: string, { stackEnv }: BenchContext, env: Record<string, string> = {}): Promise<Millrace> {
  return startMillrace(name, { stackEnv: await stackEnv(), env: { TENANT_EVENTS_PER_SECOND: '100000', ...env } });
}

/** What carries an event to its log rows: three services, and the servers where they are this machine's own. */
export async function carrierPids({ services }: Millrace, { serverPids }: BenchContext): Promise<Record<string, number>> {
  return { ...Object.fromEntries(carriers.map((name) => [name, services.get(name).pid])), ...(await serverPids()) };
}

export interface Round {
  instancesPerSecond: number;
  /** Of an instance, by process, in µs. */
  cpuUs: Record<string, number>;
  /** What doesn't add up, as texts. */
  faults: string[];
}

/** One burst of events for a tenant of its own: from the first sent to the last log row. */
export async function runRound(
  millrace: Millrace,
  context: BenchContext,
  { work, tenantId, events }: { work: Work; tenantId: string; events: number },
): Promise<Round> {
  await millrace.publishWorkflow(tenantId, work.workflow);
  const all = leadEvents(tenantId, events);
  const meter = startCpuMeter(await carrierPids(millrace, context));
  const sinceId = await newestLogId(millrace);
  const startedAt = performance.now();
  await publishAll(millrace, all);
  await logRows(millrace, tenantId, events * work.logRows, sinceId, 300_000);
  const instancesPerSecond = (events * 1_000) / (performance.now() - startedAt);
  return { instancesPerSecond, cpuUs: meter.perUnit(events), faults: await accountsOf(millrace, tenantId, events, work) };
}

/** The medians of rounds, by process. */
export function medianCpu(rounds: readonly Round[], prefix = ''): Record<string, number> {
  const names = Object.keys(rounds[0]?.cpuUs ?? {});
  const of = (name: string) => round(median(rounds.map(({ cpuUs }) => cpuUs[name] ?? Number.NaN)), 1);
  return Object.fromEntries(names.map((name) => [`${prefix}${name.replace('-', '_')}_cpu_us`, of(name)]));
}
