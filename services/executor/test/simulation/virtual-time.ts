import { setImmediate as nextTurn } from 'node:timers/promises';

interface Happening {
  atMs: number;
  order: number;
  run(): void;
}

/** When a simulation begins. */
export const beginningMs = Date.UTC(2026, 10, 24, 10);

/**
 * Time that passes only from one happening to the next. Between two of them everything runs that the first one let go: promises are
 * followed to their end. What happens at the same millisecond happens in the order in which it was planned.
 */
export class VirtualTime {
  #nowMs = beginningMs;
  #planned = 0;
  #letGo = false;
  readonly #heap: Happening[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): void {
    this.#push({ atMs: this.#nowMs + Math.max(0, Math.round(ms)), order: this.#planned++, run });
  }

  /** Code with promises of its own was run: they are to be followed before the next happening. */
  letGo(): void {
    this.#letGo = true;
  }

  /** Lets happen what is planned until `isOver`, or until nothing is. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const next = this.#pop();
      if (next === undefined) return;
      this.#nowMs = next.atMs;
      next.run();
      if (!this.#letGo) continue;
      this.#letGo = false;
      await nextTurn();
    }
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(happening);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(happening, heap[parent] as Happening)) break;
      heap[at] = heap[parent] as Happening;
      at = parent;
    }
    heap[at] = happening;
  }

  #pop(): Happening | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Happening, heap[child] as Happening)) child += 1;
      if (!isBefore(heap[child] as Happening, last)) break;
      heap[at] = heap[child] as Happening;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
