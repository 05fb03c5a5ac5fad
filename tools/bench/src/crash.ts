import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { killInTurn } from './kill-in-turn.ts';
import { runRound, startUnlimited } from './round-of-work.ts';
import { median, round } from './statistics.ts';
import { workW } from './workload.ts';

const killEveryMs = 5_000;
const victims = ['trigger-matcher', 'executor', 'audit-logger', 'scheduler', 'definitions-api'] as const;

/** W while one service after the other is killed, beside W in peace, by turns on one Millrace. */
export const crash: Benchmark = {
  summary: `W while a service is killed with -9 every ${killEveryMs / 1_000} s, beside W in peace (--events a round, --rounds)`,
  sizes: { events: 60_000, rounds: 5 },
  async run(context) {
    const { say, size } = context;
    await using millrace = await startUnlimited('bench-crash', context);
    const events = size('events');
    const runOne = async (tenantId: string) => {
      const each = await runRound(millrace, context, { work: workW, tenantId, events });
      for (const fault of each.faults) say(`${tenantId}: ${fault}`);
      return each;
    };
    await runOne('warm-up');
    const rates = { peace: [] as number[], kills: [] as number[] };
    let kills = 0;
    let wrong = 0;
    for (let number = 1; number <= size('rounds'); number += 1) {
      const peace = await runOne(`peace-${number}`);
      const over = new AbortController();
      const killing = killInTurn(millrace.services, { victims, everyMs: killEveryMs, signal: over.signal, say });
      const beside = await runOne(`kills-${number}`).finally(() => over.abort());
      kills += await killing;
      wrong += peace.faults.length + beside.faults.length;
      rates.peace.push(peace.instancesPerSecond);
      rates.kills.push(beside.instancesPerSecond);
      say(`round ${number}: ${Math.round(peace.instancesPerSecond)} in peace and ${Math.round(beside.instancesPerSecond)} a second`);
    }
    const ratio = round(median(rates.kills.map((rate, turn) => rate / (rates.peace[turn] as number))));
    const figures = {
      peace_per_second: Math.round(median(rates.peace)),
      kills_per_second: Math.round(median(rates.kills)),
      rate_ratio: ratio,
      kills,
    };
    return createResult('crash', figures, [
      atLeast('rate with kills ÷ that in peace', ratio, 0.6),
      atLeast('kills', kills, size('rounds')),
      atMost('accounts that do not add up', wrong, 0),
    ]);
  },
};
