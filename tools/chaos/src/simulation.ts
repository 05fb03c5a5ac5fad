import { atMost, type Benchmark, createResult } from '@millrace/bench';
import { simulate } from '../../../services/executor/test/simulation/simulate.ts';

const sayEvery = 1_000;

/** The executor's protocol in virtual time, seed by seed: no stack is needed. One seed alone shows all that happens in it. */
export const simulation: Benchmark = {
  summary: "the executor's own code on a simulated clock, broker, database and world; --seeds 1 --from S shows what happens in seed S",
  sizes: { seeds: 20_000, from: 1 },
  async run({ size, say }) {
    const [seeds, from] = [size('seeds'), size('from')];
    const startedAt = performance.now();
    let [instances, calls, broken] = [0, 0, 0];
    for (let seed = from; seed < from + seeds; seed += 1) {
      const result = await simulate(seed, { isTraced: seeds === 1 });
      for (const line of result.trace) say(line);
      for (const { message } of result.violations) say(`seed ${seed} breaks ${message}`);
      broken += result.violations.length > 0 ? 1 : 0;
      instances += result.instances;
      calls += result.calls;
      if ((seed - from + 1) % sayEvery === 0) say(`${seed - from + 1} seeds`);
    }
    const perSeedMs = Math.round(((performance.now() - startedAt) / seeds) * 10) / 10;
    return createResult('simulation', { seeds, instances, calls, per_seed_ms: perSeedMs }, [
      atMost('seeds that break a promise', broken, 0),
    ]);
  },
};
