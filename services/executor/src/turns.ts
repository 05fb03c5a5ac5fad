import { type Clock, systemClock } from './clock.ts';

export interface Caps {
  /** Calls that run at once for one tenant that hasn't set another number. */
  tenant: number;
  /** Calls that run at once to one host. */
  host: number;
  /** Hosts that take another number. */
  byHost?: ReadonlyMap<string, number>;
  /** How many may wait at once, of one tenant and of all; the rest is answered at once. 8,000 and 10,000 unless given. */
  waiting?: { tenant: number; all: number };
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
  begin(turn: Turn): void;
}

/** Calls of one tenant to one host that wait, in the order of arrival: the first has room, or none. */
interface Line {
  caller: Caller;
  waiting: Set<Waiting>;
}

/**
 * Caps how many calls run at once for a tenant and to a host. A turn takes room in both at once: what waits for a slow host takes no room of
 * its tenant meanwhile. What waits is served in the order of arrival for each tenant and host, and those by turns: a tenant whose calls crowd
 * a host keeps no other's from it.
 */
export class Turns {
  readonly #caps: Caps;
  readonly #clock: Clock;
  readonly #runningByTenant = new Map<string, number>();
  readonly #runningByHost = new Map<string, number>();
  readonly #mostWaiting: { tenant: number; all: number };
  readonly #lineByCaller = new Map<string, Line>();
  readonly #waitingByTenant = new Map<string, number>();
  #waiting = 0;
  #onWaiting: () => void = () => {};

  constructor(caps: Caps, clock: Clock = systemClock) {
    this.#caps = caps;
    this.#mostWaiting = caps.waiting ?? { tenant: 8_000, all: 10_000 };
    this.#clock = clock;
  }

  get running(): number {
    return this.#runningByTenant.values().reduce((sum, running) => sum + running, 0);
  }

  get waiting(): number {
    return this.#waiting;
  }

  waitingOf(tenantId: string): number {
    return this.#waitingByTenant.get(tenantId) ?? 0;
  }

  /** Calls back each time that one more begins to wait. */
  onWaiting(call: () => void): void {
    this.#onWaiting = call;
  }

  /** Null where there is no room now. */
  take(caller: Caller): Turn | null {
    return this.#hasRoom(caller) ? this.#begin(caller) : null;
  }

  /** Null where there was no room for `waitMs` or until the signal was aborted, at once where too many wait already. */
  wait(caller: Caller, waitMs: number, signal: AbortSignal): Promise<Turn | null> {
    const turn = this.take(caller);
    if (turn !== null) return Promise.resolve(turn);
    if (this.#waiting >= this.#mostWaiting.all || this.waitingOf(caller.tenantId) >= this.#mostWaiting.tenant) return Promise.resolve(null);
    return new Promise((resolve) => {
      const served = new AbortController();
      const waiting: Waiting = {
        begin: (begun) => {
          served.abort('served');
          resolve(begun);
        },
      };
      this.#enter(caller, waiting);
      void this.#clock.sleep(waitMs, AbortSignal.any([served.signal, signal])).then(() => {
        if (this.#leave(caller, waiting)) resolve(null);
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

  #enter(caller: Caller, waiting: Waiting): void {
    const line = this.#lineByCaller.get(lineOf(caller));
    if (line === undefined) this.#lineByCaller.set(lineOf(caller), { caller, waiting: new Set([waiting]) });
    else line.waiting.add(waiting);
    this.#waiting += 1;
    count(this.#waitingByTenant, caller.tenantId, 1);
    this.#onWaiting();
  }

  #leave(caller: Caller, waiting: Waiting): boolean {
    const line = this.#lineByCaller.get(lineOf(caller));
    if (line?.waiting.delete(waiting) !== true) return false;
    if (line.waiting.size === 0) this.#lineByCaller.delete(lineOf(caller));
    this.#waiting -= 1;
    count(this.#waitingByTenant, caller.tenantId, -1);
    return true;
  }

  /** A line that is served and has more goes to the end of the map, and is met again by this very loop. */
  #serve(): void {
    for (const [key, line] of this.#lineByCaller) {
      const [waiting] = line.waiting;
      if (waiting === undefined || !this.#hasRoom(line.caller)) continue;
      this.#leave(line.caller, waiting);
      if (this.#lineByCaller.delete(key)) this.#lineByCaller.set(key, line);
      waiting.begin(this.#begin(line.caller));
    }
  }
}

function lineOf({ tenantId, mostOfTenant, host }: Caller): string {
  return `${tenantId}\n${mostOfTenant}\n${host}`;
}

function count(running: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (running.get(key) ?? 0) + by;
  if (next === 0) running.delete(key);
  else running.set(key, next);
}
