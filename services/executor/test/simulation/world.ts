import { Random } from './random.ts';
import { beginningMs, VirtualTime } from './virtual-time.ts';

/** What may go wrong in a seed, while it may. Probabilities are per call or step, times in ms between two. */
export interface Faults {
  database: number;
  broker: number;
  /** The database or the broker is away for seconds. */
  outageEveryMs: number;
  crashEveryMs: number;
  /** Kills right after a row was written, a call begun or an entry published. */
  crashPerStep: number;
  pauseEveryMs: number;
  /** As with kills: a process stands still, and goes on when others have taken over. */
  pausePerStep: number;
  stopEveryMs: number;
  /** The matcher sends again what it has sent before. */
  replayEveryMs: number;
  /** The scheduler sends early, late, twice. */
  scheduler: number;
  /** Most by which a process's wall clock is off. */
  skewMs: number;
}

const none: Faults = {
  database: 0,
  broker: 0,
  outageEveryMs: 0,
  crashEveryMs: 0,
  crashPerStep: 0,
  pauseEveryMs: 0,
  pausePerStep: 0,
  stopEveryMs: 0,
  replayEveryMs: 0,
  scheduler: 0,
  skewMs: 0,
};

type Server = 'database' | 'broker';

/** A promise was broken. */
export class Violation extends Error {
  readonly promise: string;

  constructor(promise: string, message: string) {
    super(`${promise}: ${message}`);
    this.name = 'Violation';
    this.promise = promise;
  }
}

/** What everything in a simulation shares: time, chance, faults, the trace, and what was found to be broken. */
export class World {
  readonly time = new VirtualTime();
  readonly random: Random;
  /** Something other than the order of messages and their repeats goes wrong in this seed. */
  readonly isFaulty: boolean;
  readonly violations: Violation[] = [];
  readonly trace: string[] = [];
  readonly #isTraced: boolean;
  readonly #faults: Faults;
  #areFaultsOver = false;
  readonly #awayUntil: Record<Server, number> = { database: 0, broker: 0 };

  constructor(seed: number, isTraced: boolean) {
    this.random = new Random(seed);
    this.#isTraced = isTraced;
    this.#faults = chooseFaults(this.random);
    const { replayEveryMs: _1, scheduler: _2, skewMs: _3, ...faults } = this.#faults;
    this.isFaulty = Object.values(faults).some((often) => often > 0);
    this.note(() => `faults ${JSON.stringify(this.#faults)}`);
  }

  get nowMs(): number {
    return this.time.nowMs;
  }

  get faults(): Faults {
    return this.#areFaultsOver ? { ...none, skewMs: this.#faults.skewMs } : this.#faults;
  }

  /** Neither the database nor the broker fails in this seed. */
  get areServersWell(): boolean {
    const { database, broker, outageEveryMs } = this.#faults;
    return database + broker + outageEveryMs === 0;
  }

  /** Nobody reaches it for so long. */
  takeAway(server: Server, ms: number): void {
    this.note(() => `the ${server} is away for ${ms} ms`);
    this.#awayUntil[server] = this.nowMs + ms;
  }

  isAway(server: Server): boolean {
    return !this.#areFaultsOver && this.nowMs < this.#awayUntil[server];
  }

  endFaults(): void {
    this.#areFaultsOver = true;
    this.note(() => 'no more faults');
  }

  /** A line of the trace; not made where nobody reads it. */
  note(line: () => string): void {
    if (this.#isTraced) this.trace.push(`${String(this.nowMs - beginningMs).padStart(8)} ${line()}`);
  }

  break(promise: string, message: string): void {
    this.note(() => `BROKEN ${promise}: ${message}`);
    this.violations.push(new Violation(promise, message));
  }
}

/** Some seeds have no faults, some one kind, most several. */
function chooseFaults(random: Random): Faults {
  const often = () => random.between(4_000, 25_000);
  const kinds: Partial<Faults>[] = [
    { database: random.pick([0.02, 0.08, 0.2]) },
    { broker: random.pick([0.02, 0.1, 0.25]) },
    { outageEveryMs: often() },
    { crashEveryMs: often() },
    { crashPerStep: random.pick([0.01, 0.04]) },
    { pauseEveryMs: often() },
    { pausePerStep: random.pick([0.01, 0.03]) },
    { stopEveryMs: often() },
    { replayEveryMs: often() },
    { scheduler: random.pick([0.1, 0.4]) },
  ];
  const share = random.next();
  const chosen = share < 0.1 ? [] : share < 0.4 ? [random.pick(kinds)] : kinds.filter(() => random.chance(0.35));
  return Object.assign({ ...none, skewMs: random.chance(0.5) ? random.between(0, 400) : 0 }, ...chosen);
}
