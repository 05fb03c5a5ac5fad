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

  /** Null where there was no room for `waitMs`. */
  wait(caller: Caller, waitMs: number): Promise<Turn | null> {
    const turn = this.take(caller);
    if (turn !== null) return Promise.resolve(turn);
    return new Promise((resolve) => {
      const served = new AbortController();
      const waiting: Waiting = {
        caller,
        begin: (begun) => {
          served.abort();
          resolve(begun);
        },
      };
      this.#waiting.add(waiting);
      void this.#clock.sleep(waitMs, served.signal).then(() => {
        if (this.#waiting.delete(waiting)) resolve(null);
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

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting.caller)) continue;
      this.#waiting.delete(waiting);
      waiting.begin(this.#begin(waiting.caller));
    }
  }
}

function count(running: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (running.get(key) ?? 0) + by;
  if (next === 0) running.delete(key);
  else running.set(key, next);
}
