import { type Benchmark, createResult } from './benchmark.ts';
import { type Compared, createTable, createTargets } from './contenders/compare.ts';
import type { Contender } from './contenders/contender.ts';
import { type Entrant, playRounds, summarize } from './contenders/play-rounds.ts';
import { type ContenderSpec, ours, type PeerName, peerNames, peers } from './contenders/registry.ts';

const ownName = 'millrace';

/**
 * W through all services, in turn with others that do the same: from the first event sent to the last durable record. Those that can't be
 * installed or started are said to be so, and miss their targets.
 */
export const e2e: Benchmark = {
  summary: 'W, one condition and three actions with a commit after each, beside others that do it',
  sizes: { events: 10_000, rounds: 5 },
  choices: { peers: peerNames },
  async run(context) {
    const { say, size, choice } = context;
    const chosen = choice('peers') as PeerName[];
    await using running = new AsyncDisposableStack();
    const entrants: Entrant[] = [];
    const faultBy = new Map<string, Error>();
    const enter = async (name: string, spec: ContenderSpec) => {
      const contender = running.use(await spec.start(context, size('rounds') + 1));
      entrants.push({ name, contender: bounded(name, contender, faultBy), events: Math.ceil(size('events') * spec.share) });
    };
    await enter(ownName, ours);
    for (const name of chosen)
      await enter(name, peers[name]).catch((error: Error) => {
        say(`${name} could not be started: ${error.message}`);
        faultBy.set(name, error);
      });
    const played = await playRounds(entrants, size('rounds'), say);
    const own = summarize(played, ownName);
    const compared = chosen.map((name): Compared => ({ name, spec: peers[name], outcome: faultBy.get(name) ?? summarize(played, name) }));
    const faults = played.reduce((sum, each) => sum + each.faults.length, 0);
    const figures = {
      workflows_per_second: own.perSecond,
      ...Object.fromEntries(Object.entries(own.cpuUsBy).map(([name, us]) => [`${name.replaceAll('-', '_')}_cpu_us`, us])),
      ...figuresOf(compared),
    };
    return {
      ...createResult('e2e', figures, createTargets(own, compared, faults)),
      table: createTable(own, compared),
      rounds: played,
      unavailable: Object.fromEntries([...faultBy].map(([name, { message }]) => [name, message])),
    };
  },
};

/** A contender that fails in a round takes no part in the others. */
function bounded(name: string, contender: Contender, faultBy: Map<string, Error>): Contender {
  return {
    async runRound(events) {
      const none = { perSecond: 0, cpuUs: {}, faults: [] };
      if (faultBy.has(name)) return none;
      return contender.runRound(events).catch((error: Error) => {
        if (name === ownName) throw error;
        faultBy.set(name, error);
        return none;
      });
    },
    [Symbol.asyncDispose]: () => contender[Symbol.asyncDispose](),
  };
}

function figuresOf(compared: readonly Compared[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const { name, outcome } of compared) {
    if (outcome instanceof Error) continue;
    const prefix = name.replaceAll('-', '_');
    figures[`${prefix}_workflows_per_second`] = outcome.perSecond;
    figures[`${prefix}_cpu_us`] = outcome.cpuUs;
  }
  return figures;
}
