import { type Clock, systemClock } from './clock.ts';

export interface Caps {
  /** Calls that run at once for one tenant that hasn't set another number. */
  tenant: number;
  /** Calls that run at once to one host. */
  host: number;
  /** Hosts that take another number. */
  byHost?: ReadonlyMap<string, number>;
}

export interface Caller {
  tenantId: string;
  /** Of the tenant's own setting; null where it has none. */
  mostOfTenant: number | null;
  /** Null where the call goes to no host that has a cap. */
  host: string | null;
}

/** Room for one call. */
export interface Turn {
  /** Gives it back; repeats do nothing. */
  release(): void;
}

const longestBackoffMs = 30_000;

/**
 * How long an instance is parked that had no turn: 1 to 5 s, later a quarter to three quarters of the time that it has waited, so that a crowd
 * before an endpoint that never answers doesn't keep the engine busy with asking. `random` is 0 to 1.
 */
export function turnBackoffMs(waitedMs: number, random: number): number {
  const least = Math.max(1_000, waitedMs / 4);
  const most = Math.max(5_000, (waitedMs * 3) / 4);
  return Math.min(longestBackoffMs, Math.round(least + (most - least) * random));
}

interface Waiting {
  caller: Caller;
  begin(turn: Turn): void;
}

/**
 * Caps how many calls run at once for a tenant and to a host. A turn takes room in both at once: what waits for a slow host takes no room of
 * its tenant meanwhile. What waits is served in the order of arrival, passing over those that still have no room.
 */
export class Turns {
  readonly #caps: Caps;
  readonly #clock: Clock;
  readonly #runningByTenant = new Map<string, number>();
  readonly #runningByHost = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  readonly #waitingByTenant = new Map<string, number>();

  constructor(caps: Caps, clock: Clock = systemClock) {
    this.#caps = caps;
    this.#clock = clock;
  }

  get running(): number {
    return this.#runningByTenant.values().reduce((sum, running) => sum + running, 0);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Null where there is no room now. */
  take(caller: Caller): Turn | null {
    return this.#hasRoom(caller) ? this.#begin(caller) : null;
  }

  /** Null where there was no room for `waitMs`, at once where as many wait already as its tenant may have calls: none of them would be in time. */
  wait(caller: Caller, waitMs: number): Promise<Turn | null> {
    const turn = this.take(caller);
    if (turn !== null) return Promise.resolve(turn);
    if ((this.#waitingByTenant.get(caller.tenantId) ?? 0) >= (caller.mostOfTenant ?? this.#caps.tenant)) return Promise.resolve(null);
    return new Promise((resolve) => {
      const served = new AbortController();
      const waiting: Waiting = {
        caller,
        begin: (begun) => {
          served.abort('served');
          resolve(begun);
        },
      };
      this.#waiting.add(waiting);
      count(this.#waitingByTenant, caller.tenantId, 1);
      void this.#clock.sleep(waitMs, served.signal).then(() => {
        if (this.#leave(waiting)) resolve(null);
      });
    });
  }

  #hasRoom({ tenantId, mostOfTenant, host }: Caller): boolean {
    if ((this.#runningByTenant.get(tenantId) ?? 0) >= (mostOfTenant ?? this.#caps.tenant)) return false;
    if (host === null) return true;
    return (this.#runningByHost.get(host) ?? 0) < (this.#caps.byHost?.get(host) ?? this.#caps.host);
  }

  #begin({ tenantId, host }: Caller): Turn {
    count(this.#runningByTenant, tenantId, 1);
    if (host !== null) count(this.#runningByHost, host, 1);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        count(this.#runningByTenant, tenantId, -1);
        if (host !== null) count(this.#runningByHost, host, -1);
        this.#serve();
      },
    };
  }

  #leave(waiting: Waiting): boolean {
    if (!this.#waiting.delete(waiting)) return false;
    count(this.#waitingByTenant, waiting.caller.tenantId, -1);
    return true;
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting.caller)) continue;
      this.#leave(waiting);
      waiting.begin(this.#begin(waiting.caller));
    }
  }
}

function count(running: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (running.get(key) ?? 0) + by;
  if (next === 0) running.delete(key);
  else running.set(key, next);
}
