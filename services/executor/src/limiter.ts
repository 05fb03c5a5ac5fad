/** Caps how many calls run at once for a key (a tenant, a host). What waits is served in the order of arrival. */
export class Limiter {
  readonly #limit: number;
  readonly #runningByKey = new Map<string, { running: number; waiting: (() => void)[] }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True once there is room; false where there was none for `waitMs`. After true, `release` gives it back. */
  acquire(key: string, waitMs: number): Promise<boolean> {
    const slot = this.#runningByKey.get(key) ?? { running: 0, waiting: [] };
    this.#runningByKey.set(key, slot);
    if (slot.running < this.#limit) {
      slot.running += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const served = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        slot.waiting.splice(slot.waiting.indexOf(served), 1);
        resolve(false);
      }, waitMs);
      slot.waiting.push(served);
    });
  }

  release(key: string): void {
    const slot = this.#runningByKey.get(key);
    if (slot === undefined) return;
    const next = slot.waiting.shift();
    if (next === undefined) slot.running -= 1;
    else next();
    if (slot.running === 0) this.#runningByKey.delete(key);
  }
}
