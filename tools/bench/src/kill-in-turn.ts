import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from '@millrace/testing';

export interface Kills {
  victims: readonly Parameters<Services['restart']>[0][];
  everyMs: number;
  signal: AbortSignal;
  say(line: string): void;
}

/** Ends one service after the other with -9, and starts it again at once, until the signal says stop; answers how often. */
export async function killInTurn(services: Services, { victims, everyMs, signal, say }: Kills): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return kills;
    const victim = victims[kills % victims.length] as Kills['victims'][number];
    await services.end(victim, 'SIGKILL');
    await services.restart(victim);
    say(`${victim} killed`);
  }
}
