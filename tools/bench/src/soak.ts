import { setTimeout as delay } from 'node:timers/promises';
import type { Millrace } from '@millrace/testing';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { residentMb } from './memory.ts';
import { runOpenLoopOfW } from './open-loop-of-w.ts';
import { runRound, startUnlimited } from './round-of-work.ts';
import { median, quantile, round } from './statistics.ts';
import { accountsOfW, workflowW, workW } from './workload.ts';

const share = 0.7;
const watchedPerSecond = 20;
const lookEveryMs = 20;
const sampleEveryMs = 5_000;
/** Of all the time, at each end, five minutes of thirty. */
const endShare = 1 / 6;
const tenantId = 'soak';

/** W for long at 70 % of the highest rate: does it get slower, or larger? */
export const soak: Benchmark = {
  summary: `W at ${share * 100} % of the highest rate for --minutes: the first sixth beside the last, latency and memory`,
  sizes: { minutes: 30, events: 10_000, rounds: 5 },
  async run(context) {
    const { say, size } = context;
    await using millrace = await startUnlimited('bench-soak', context);
    const rates: number[] = [];
    for (let number = 0; number <= size('rounds'); number += 1) {
      const { instancesPerSecond } = await runRound(millrace, context, { work: workW, tenantId: `most-${number}`, events: size('events') });
      if (number > 0) rates.push(instancesPerSecond);
    }
    const perSecond = Math.round(median(rates) * share);
    const seconds = size('minutes') * 60;
    say(`${perSecond} a second for ${size('minutes')} minutes`);
    const { id: workflowId } = await millrace.publishWorkflow(tenantId, workflowW);
    const over = new AbortController();
    const memory = sampleMemory(millrace, over.signal);
    const loop = { tenantId, workflowId, perSecond, seconds, watchedPerSecond, lookEveryMs };
    const watched = await runOpenLoopOfW(millrace, loop).finally(() => over.abort());
    const samples = await memory;

    const endMs = seconds * 1_000 * endShare;
    const latencies = (isIn: (sentAtMs: number) => boolean) =>
      watched.filter(({ sentAtMs }) => isIn(sentAtMs)).map(({ latencyMs }) => latencyMs);
    const first = latencies((sentAtMs) => sentAtMs < endMs);
    const last = latencies((sentAtMs) => sentAtMs >= seconds * 1_000 - endMs);
    const ratio = round(quantile(last, 0.5) / quantile(first, 0.5));
    const inEnds = Math.max(1, Math.floor(samples.length * endShare));
    const grown = millrace.services.names.map((name) => {
      const of = (some: typeof samples) => Math.round(median(some.map((sample) => sample[name] ?? 0)));
      return { name, first: of(samples.slice(0, inEnds)), last: of(samples.slice(-inEnds)) };
    });
    const faults = await accountsOfW(millrace, tenantId, perSecond * seconds);
    for (const fault of faults) say(fault);
    const figures: Record<string, number> = {
      per_second: perSecond,
      minutes: size('minutes'),
      first_p50_ms: round(quantile(first, 0.5), 1),
      last_p50_ms: round(quantile(last, 0.5), 1),
      first_p99_ms: round(quantile(first, 0.99), 1),
      last_p99_ms: round(quantile(last, 0.99), 1),
      latency_ratio: ratio,
    };
    for (const { name, first: from, last: to } of grown) {
      figures[`${name.replace('-', '_')}_first_mb`] = from;
      figures[`${name.replace('-', '_')}_last_mb`] = to;
    }
    return createResult('soak', figures, [
      atMost('p50 of the last sixth ÷ that of the first', ratio, 1.2),
      ...grown.map(({ name, first: from, last: to }) =>
        atMost(`memory of ${name} in the last sixth ÷ that in the first`, round(to / from), 1.2),
      ),
      atMost('accounts that do not add up', faults.length, 0),
    ]);
  },
};

/** What each service holds, in MB, again and again until the signal says stop. */
async function sampleMemory({ services }: Millrace, signal: AbortSignal): Promise<Record<string, number>[]> {
  const samples: Record<string, number>[] = [];
  while (!signal.aborted) {
    samples.push(Object.fromEntries(services.names.map((name) => [name, residentMb(services.get(name).pid)])));
    await delay(sampleEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return samples;
}
