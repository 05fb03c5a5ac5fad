import type { Millrace } from '@millrace/testing';
import { cpuMicroseconds } from '../cpu-time.ts';
import { accountsOfW, leadEvents, logRows, logRowsOfW, newestLogId, publishAll } from '../workload.ts';
import type { RoundResult } from './contender.ts';

const mostMs = 300_000;

/** A round of W by processes that write Millrace's tables: events on `crm.events` until a tenant's last log row. */
export async function runOwnRound(
  millrace: Millrace,
  tenantId: string,
  events: number,
  pids: Record<string, number>,
): Promise<RoundResult> {
  const all = leadEvents(tenantId, events);
  const sinceId = await newestLogId(millrace);
  const before = cpuOf(pids);
  const startedAt = performance.now();
  await publishAll(millrace, all);
  await logRows(millrace, tenantId, events * logRowsOfW, sinceId, mostMs);
  const elapsedMs = performance.now() - startedAt;
  const after = cpuOf(pids);
  return {
    perSecond: (events * 1_000) / elapsedMs,
    cpuUs: Object.fromEntries(Object.keys(pids).map((name) => [name, ((after[name] as number) - (before[name] as number)) / events])),
    faults: await accountsOfW(millrace, tenantId, events),
  };
}

function cpuOf(pids: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMicroseconds(pid)]));
}
