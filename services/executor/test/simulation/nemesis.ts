import { topics } from '@millrace/messages';
import { SimulatedExecutor, type Surroundings } from './executor.ts';

/** Starts, kills, stops and pauses executors while faults last. */
export class Nemesis {
  readonly #around: Surroundings;
  readonly #executors: SimulatedExecutor[] = [];
  #isHealed = false;

  constructor(around: Surroundings) {
    this.#around = around;
    const { random, time, faults } = around.world;
    for (let each = random.between(1, 3); each > 0; each -= 1) time.after(random.between(0, 500), () => this.#start());
    if (random.chance(0.2)) time.after(random.between(1_000, 30_000), () => this.#start());
    this.#often(faults.crashEveryMs, () => this.#crash());
    this.#often(faults.outageEveryMs, () => around.world.takeAway(random.pick(['database', 'broker']), random.between(200, 6_000)));
    around.database.onWritten(() => this.#atStep());
    around.effects.onBegun(() => this.#atStep());
    around.broker.onAppended(topics.executionLog.name, () => this.#atStep());
    this.#often(faults.pauseEveryMs, () => this.#pause());
    this.#often(faults.stopEveryMs, () => this.#stop());
  }

  /** Everybody goes on, and somebody is there. */
  heal(): void {
    this.#isHealed = true;
    for (const executor of this.#executors) executor.resume();
    if (!this.#executors.some(({ isRunning }) => isRunning)) this.#start();
  }

  #start(): void {
    this.#executors.push(new SimulatedExecutor(`p${this.#executors.length + 1}`, this.#around));
  }

  #often(everyMs: number, run: () => void): void {
    if (everyMs === 0) return;
    const { time, random } = this.#around.world;
    time.after(random.between(1, 2 * everyMs), () => {
      if (this.#isHealed) return;
      run();
      this.#often(everyMs, run);
    });
  }

  #running(): SimulatedExecutor[] {
    return this.#executors.filter(({ isRunning }) => isRunning);
  }

  #atStep(): void {
    const { random, time, faults } = this.#around.world;
    if (random.chance(faults.crashPerStep)) time.after(random.between(0, 8), () => this.#crash());
    if (random.chance(faults.pausePerStep)) time.after(random.between(0, 8), () => this.#pause());
  }

  #crash(): void {
    const { random } = this.#around.world;
    const alive = this.#executors.filter(({ process }) => process.status !== 'dead');
    if (alive.length === 0 || this.#isHealed) return;
    random.pick(alive).crash();
    this.#startSoon(8_000);
  }

  #pause(): void {
    const { random, time } = this.#around.world;
    const running = this.#running();
    if (running.length === 0 || this.#isHealed) return;
    const executor = random.pick(running);
    executor.pause();
    time.after(random.between(200, 30_000), () => executor.resume());
  }

  #stop(): void {
    const { random } = this.#around.world;
    const running = this.#running();
    if (running.length === 0) return;
    random.pick(running).stop();
    this.#startSoon(3_000);
  }

  #startSoon(withinMs: number): void {
    const { random, time } = this.#around.world;
    time.after(random.between(0, withinMs), () => this.#start());
  }
}
