import { expect, test } from 'vitest';
import type { Contender } from './contender.ts';
import { playRounds, summarize } from './play-rounds.ts';

/** Answers one rate after another. */
function contender(...rates: number[]): Contender {
  return {
    runRound: async () => ({ perSecond: rates.shift() as number, cpuUs: { server: 30, client: 12 }, faults: [] }),
    [Symbol.asyncDispose]: async () => {},
  };
}

test('contenders play in turn, and the round that warms up does not count', async () => {
  const entrants = [
    { name: 'a', contender: contender(1, 100, 300, 200), events: 10 },
    { name: 'b', contender: contender(9_000, 5, 7, 6), events: 2 },
  ];
  const played = await playRounds(
    entrants,
    3,
    () => {},
    async () => 0.876,
  );
  expect(played.map(({ round, name }) => `${name}${round}`)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  expect(played.map(({ idle_share: idleShare }) => idleShare)).toEqual(Array.from({ length: 8 }, () => 0.88));
  expect(summarize(played, 'a')).toEqual({ perSecond: 200, cpuUs: 42, cpuUsBy: { server: 30, client: 12 } });
  expect(summarize(played, 'b').perSecond).toBe(6);
});
