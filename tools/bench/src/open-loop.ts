import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from './http-load.ts';

/** Kinds of requests, each with a path for every number. */
export type Paths = readonly [kind: string, pathOf: (number: number) => string][];

export interface OpenLoop {
  base: string;
  headers: Record<string, string>;
  paths: Paths;
  perSecond: number;
  warmUpSeconds: number;
}

/** Asks at a steady rate, kind after kind, whether or not those before are answered, while the work lasts. Latencies in ms by kind. */
export async function measureLatency(
  { base, headers, paths, perSecond, warmUpSeconds }: OpenLoop,
  work: () => Promise<unknown>,
): Promise<Map<string, number[]>> {
  const agent = new Agent({ keepAlive: true });
  const latencies = new Map(paths.map(([kind]) => [kind, [] as number[]]));
  const asked: Promise<void>[] = [];
  const warmUp = perSecond * warmUpSeconds;
  const startedAt = performance.now();
  let isOver = false;
  let working: Promise<unknown> | undefined;
  for (let number = 0; !isOver; number += 1) {
    await delay(Math.max(0, startedAt + (number * 1_000) / perSecond - performance.now()));
    if (number === warmUp) working = work().finally(() => (isOver = true));
    const [kind, pathOf] = paths[number % paths.length] as Paths[number];
    asked.push(
      request(`${base}${pathOf(number)}`, headers, agent).then((ms) => {
        if (number >= warmUp) latencies.get(kind)?.push(ms);
      }),
    );
  }
  await Promise.all([working, ...asked]);
  agent.destroy();
  return latencies;
}
