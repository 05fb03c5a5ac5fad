import type { Millrace } from '@millrace/testing';
import { atMost, type BenchContext, type Benchmark, createResult } from './benchmark.ts';
import { startPeer } from './contenders/peer.ts';
import { runOpenLoopOfW } from './open-loop-of-w.ts';
import { runRound, startUnlimited } from './round-of-work.ts';
import { median, quantile, round } from './statistics.ts';
import { accountsOfW, workflowW, workW } from './workload.ts';

const perSecond = 50;
const watchedPerSecond = 50;
const lookEveryMs = 2;
const warmUpSeconds = 4;

/**
 * W at 50 a second and at half of what there is room for, open loop: from an event's sending to its last log row, as a reader of the table sees it.
 * Of Restate to the end of its handler, at half of its own highest rate.
 */
export const latency: Benchmark = {
  summary: `W at ${perSecond} a second and at half of the highest rate (--seconds each): from the event sent to its last log row`,
  sizes: { seconds: 30, events: 10_000, rounds: 5 },
  choices: { peers: ['restate'] },
  async run(context) {
    const { say, size } = context;
    await using millrace = await startUnlimited('bench-latency', context);
    const slow = await measure(millrace, 'slow', perSecond, size('seconds'));
    say(`at ${perSecond} a second: p50 ${slow.p50} ms, p99 ${slow.p99} ms`);
    const rates: number[] = [];
    let wrong = slow.wrong;
    for (let number = 0; number <= size('rounds'); number += 1) {
      const each = await runRound(millrace, context, { work: workW, tenantId: `most-${number}`, events: size('events') });
      wrong += each.faults.length;
      if (number > 0) rates.push(each.instancesPerSecond);
    }
    const most = median(rates);
    const half = await measure(millrace, 'half', most / 2, size('seconds'));
    say(`at ${Math.round(most / 2)} a second: p50 ${half.p50} ms, p99 ${half.p99} ms`);
    wrong += half.wrong;
    const beside = context.choice('peers').includes('restate') ? await measureRestate(context) : {};
    const figures = {
      p50_ms: slow.p50,
      p99_ms: slow.p99,
      events: slow.events,
      most_per_second: Math.round(most),
      half_per_second: Math.round(most / 2),
      half_p50_ms: half.p50,
      half_p99_ms: half.p99,
      half_watched: half.events,
      ...beside,
    };
    return createResult('latency', figures, [
      atMost(`p50 at ${perSecond} a second in ms`, slow.p50, 15),
      atMost(`p99 at ${perSecond} a second in ms`, slow.p99, 60),
      atMost('accounts that do not add up', wrong, 0),
    ]);
  },
};

/** Nothing where it can't be installed or started, which is said. */
async function measureRestate(context: BenchContext): Promise<Record<string, number>> {
  const { say, size } = context;
  const started = await startPeer('restate', 'driver.mjs', say).catch((error: Error) => error);
  if (started instanceof Error) {
    say(`restate could not be started: ${started.message}`);
    return {};
  }
  await using restate = started;
  const latencies = async (rate: number) => {
    await restate.runOpenRound(Math.round(rate * warmUpSeconds), rate);
    const { latenciesMs, faults } = await restate.runOpenRound(Math.round(rate * size('seconds')), rate);
    if (faults.length > 0) throw new Error(`Expected Restate's accounts to add up, but: ${faults.join('; ')}`);
    const [p50, p99] = [round(quantile(latenciesMs, 0.5), 1), round(quantile(latenciesMs, 0.99), 1)];
    say(`restate at ${Math.round(rate)} a second: p50 ${p50} ms, p99 ${p99} ms`);
    return { p50, p99 };
  };
  const slow = await latencies(perSecond);
  const rates: number[] = [];
  for (let number = 0; number <= size('rounds'); number += 1) {
    const each = await restate.runRound(Math.ceil(size('events') / 2));
    if (number > 0) rates.push(each.perSecond);
  }
  const most = median(rates);
  const half = await latencies(most / 2);
  return {
    restate_p50_ms: slow.p50,
    restate_p99_ms: slow.p99,
    restate_half_per_second: Math.round(most / 2),
    restate_half_p50_ms: half.p50,
    restate_half_p99_ms: half.p99,
  };
}

async function measure(millrace: Millrace, tenantId: string, rate: number, seconds: number) {
  const { id: workflowId } = await millrace.publishWorkflow(tenantId, workflowW);
  const loop = { tenantId, workflowId, perSecond: rate, seconds: warmUpSeconds + seconds, watchedPerSecond, lookEveryMs };
  const all = await runOpenLoopOfW(millrace, loop);
  const latencies = all.filter(({ sentAtMs }) => sentAtMs >= warmUpSeconds * 1_000).map(({ latencyMs }) => latencyMs);
  const faults = await accountsOfW(millrace, tenantId, Math.round(rate * (warmUpSeconds + seconds)));
  return {
    p50: round(quantile(latencies, 0.5), 1),
    p99: round(quantile(latencies, 0.99), 1),
    events: latencies.length,
    wrong: faults.length,
  };
}
