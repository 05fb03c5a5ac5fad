import { sampleIdleShare } from '../idle-share.ts';
import { median, round } from '../statistics.ts';
import type { Contender } from './contender.ts';

export interface Entrant {
  name: string;
  contender: Contender;
  events: number;
}

/** One round of one contender, as it is reported. */
export interface PlayedRound {
  /** 0 is the one that warms up. */
  round: number;
  name: string;
  events: number;
  per_second: number;
  /** Of the machine in the second before. */
  idle_share: number;
  cpu_us: Record<string, number>;
  faults: string[];
}

/** All in turn, round after round: what disturbs the machine for a while disturbs all. The first round warms up. */
export async function playRounds(
  entrants: readonly Entrant[],
  rounds: number,
  say: (line: string) => void,
  sample: () => Promise<number> = sampleIdleShare,
): Promise<PlayedRound[]> {
  const played: PlayedRound[] = [];
  for (let number = 0; number <= rounds; number += 1) {
    for (const { name, contender, events } of entrants) {
      const idleShare = await sample();
      const { perSecond, cpuUs, faults } = await contender.runRound(events);
      const cpu = Object.fromEntries(Object.entries(cpuUs).map(([process, each]) => [process, round(each, 1)]));
      played.push({
        round: number,
        name,
        events,
        per_second: round(perSecond, 1),
        idle_share: round(idleShare),
        cpu_us: cpu,
        faults,
      });
      say(`round ${number}: ${name} ${Math.round(perSecond)} a second, ${round(idleShare * 100, 0)} % idle before ${faults.join('; ')}`);
    }
  }
  return played;
}

export interface Summary {
  perSecond: number;
  /** Of all its processes. */
  cpuUs: number;
  cpuUsBy: Record<string, number>;
}

/** Medians of a contender's rounds, the first left out. */
export function summarize(played: readonly PlayedRound[], name: string): Summary {
  const counted = played.filter((each) => each.name === name && each.round > 0);
  const processes = Object.keys(counted[0]?.cpu_us ?? {});
  const cpuUsBy = Object.fromEntries(
    processes.map((process) => [process, round(median(counted.map((each) => each.cpu_us[process] as number)), 1)]),
  );
  return {
    perSecond: Math.round(median(counted.map((each) => each.per_second))),
    cpuUs: round(median(counted.map(({ cpu_us: cpu }) => Object.values(cpu).reduce((sum, each) => sum + each, 0))), 1),
    cpuUsBy,
  };
}
