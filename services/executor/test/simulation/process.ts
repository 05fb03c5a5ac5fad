import type { Clock } from '../../src/clock.ts';
import type { World } from './world.ts';

/**
 * A process of the operating system. All that comes to its code from outside comes through `enter`: a dead one never goes on, a paused one
 * (a zombie, once others have taken over) goes on where it was.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #world: World;
  #status: 'running' | 'paused' | 'dead' = 'running';
  #held: (() => void)[] = [];

  constructor(name: string, world: World) {
    this.name = name;
    this.#world = world;
    this.clock = this.#createClock(world.random.between(-world.faults.skewMs, world.faults.skewMs));
  }

  get status(): 'running' | 'paused' | 'dead' {
    return this.#status;
  }

  enter(call: () => void): void {
    if (this.#status === 'dead') return;
    if (this.#status === 'paused') {
      this.#held.push(call);
      return;
    }
    this.#world.time.letGo();
    call();
  }

  pause(): void {
    if (this.#status === 'running') this.#status = 'paused';
  }

  resume(): void {
    if (this.#status !== 'paused') return;
    this.#status = 'running';
    for (const call of this.#held.splice(0)) this.#world.time.after(0, () => this.enter(call));
  }

  kill(): void {
    this.#status = 'dead';
    this.#held = [];
  }

  #createClock(skewMs: number): Clock {
    const { time, random } = this.#world;
    const later = (ms: number, call: () => void) => time.after(Math.max(1, ms), () => this.enter(call));
    return {
      now: () => time.nowMs + skewMs,
      elapsed: () => time.nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          let isOver = false;
          const end = () => {
            isOver = true;
            resolve();
          };
          signal?.addEventListener('abort', end, { once: true });
          time.after(Math.max(1, ms), () => {
            if (!isOver) this.enter(end);
          });
        }),
      after: later,
      timeout: (ms) => {
        const controller = new AbortController();
        later(ms, () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')));
        return controller.signal;
      },
      random: () => random.next(),
    };
  }
}
