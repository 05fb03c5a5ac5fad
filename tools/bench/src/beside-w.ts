import { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
import { medianCpu, type Round, runRound, startUnlimited } from './round-of-work.ts';
import { median, round } from './statistics.ts';
import { type Work, workW } from './workload.ts';

/** A workflow beside W, by turns on one Millrace: actions a second, from the event sent to the last log row. */
export function besideW(name: string, summary: string, work: Work): Benchmark {
  return {
    summary: `${summary}, beside W: actions a second (--events a round, --rounds)`,
    sizes: { events: 10_000, rounds: 5 },
    async run(context) {
      await using millrace = await startUnlimited(`bench-${name}`, context);
      const events = context.size('events');
      const own: Round[] = [];
      const others: Round[] = [];
      let wrong = 0;
      // The first warms both up.
      for (let number = 0; number <= context.size('rounds'); number += 1) {
        const w = await runRound(millrace, context, { work: workW, tenantId: `w-${number}`, events });
        const other = await runRound(millrace, context, { work, tenantId: `${name}-${number}`, events });
        for (const fault of [...w.faults, ...other.faults]) context.say(fault);
        wrong += w.faults.length + other.faults.length;
        context.say(`round ${number}: ${Math.round(w.instancesPerSecond)} W and ${Math.round(other.instancesPerSecond)} a second`);
        if (number === 0) continue;
        others.push(w);
        own.push(other);
      }
      const actionsPerSecond = (each: Round, { actions }: Work) => each.instancesPerSecond * actions;
      const ratio = round(median(own.map((each, turn) => actionsPerSecond(each, work) / actionsPerSecond(others[turn] as Round, workW))));
      const figures = {
        instances_per_second: Math.round(median(own.map(({ instancesPerSecond }) => instancesPerSecond))),
        actions_per_second: Math.round(median(own.map((each) => actionsPerSecond(each, work)))),
        w_per_second: Math.round(median(others.map(({ instancesPerSecond }) => instancesPerSecond))),
        w_actions_per_second: Math.round(median(others.map((each) => actionsPerSecond(each, workW)))),
        ratio_per_action: ratio,
        ...medianCpu(own),
        ...medianCpu(others, 'w_'),
      };
      return createResult(name, figures, [
        atLeast('actions a second ÷ those of W', ratio, 0.9),
        atMost('accounts that do not add up', wrong, 0),
      ]);
    },
  };
}
