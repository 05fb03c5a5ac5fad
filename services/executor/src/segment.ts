import type { Engine } from './engine.ts';
import type { Input } from './input.ts';

/** How long an activity works on its instance before others have their turn. */
export const segmentMs = 2_000;

/** The time that an activity has: whether it may go on, and what it waits for meanwhile, which takes nothing from it. */
export class Segment {
  readonly #engine: Pick<Engine, 'clock' | 'stopping'>;
  readonly #input: Input;
  #beganAt: number;
  /** Ends the wait that it is in. */
  #interrupt: AbortController | null = null;

  constructor(engine: Pick<Engine, 'clock' | 'stopping'>, input: Input) {
    this.#engine = engine;
    this.#input = input;
    this.#beganAt = engine.clock.elapsed();
  }

  /** An action starts only in the assignment that its input came in, and not while the process stops. */
  get mayStart(): boolean {
    return !this.#engine.stopping.aborted && this.#input.record.assignment.isCurrent();
  }

  get isOver(): boolean {
    return this.#engine.clock.elapsed() - this.#beganAt > segmentMs;
  }

  /** The signal is aborted by `interrupt`, and when the process is to stop. */
  async wait<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#interrupt = new AbortController();
    try {
      return await work(AbortSignal.any([this.#interrupt.signal, this.#engine.stopping]));
    } finally {
      this.#interrupt = null;
      this.#beganAt = this.#engine.clock.elapsed();
    }
  }

  interrupt(): void {
    this.#interrupt?.abort();
  }
}
