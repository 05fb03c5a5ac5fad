interface Line<T> {
  items: (T | undefined)[];
  head: number;
  deficit: number;
}

const quantumBytes = 16 * 1024;
const compactAt = 1_024;

/**
 * A queue per key (a tenant), taken by deficit round robin: a key with a burst waits behind its own items, not the others
 * behind it. In the order of arrival within a key.
 */
export class FairQueue<T extends { readonly bytes: number }> {
  readonly #keyOf: (item: T) => string;
  readonly #lineByKey = new Map<string, Line<T>>();
  #size = 0;
  #bytes = 0;

  constructor(keyOf: (item: T) => string) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keys that have something waiting. */
  get keys(): number {
    return this.#lineByKey.size;
  }

  add(item: T): void {
    const key = this.#keyOf(item);
    let line = this.#lineByKey.get(key);
    if (line === undefined) {
      line = { items: [], head: 0, deficit: 0 };
      this.#lineByKey.set(key, line);
    }
    line.items.push(item);
    this.#size += 1;
    this.#bytes += item.bytes;
  }

  /** At most `max` items, each key in its turn. */
  take(max: number): T[] {
    const taken: T[] = [];
    while (taken.length < max && this.#size > 0) {
      // A key that has more goes to the end of the map, and is met again by this very loop.
      for (const [key, line] of this.#lineByKey) {
        this.#serve(line, max, taken);
        this.#lineByKey.delete(key);
        if (line.head < line.items.length) this.#lineByKey.set(key, line);
        if (taken.length >= max) return taken;
      }
    }
    return taken;
  }

  #serve(line: Line<T>, max: number, into: T[]): void {
    line.deficit += quantumBytes;
    while (line.head < line.items.length && into.length < max) {
      const item = line.items[line.head] as T;
      if (item.bytes > line.deficit) break;
      line.deficit -= item.bytes;
      // What was taken must not be kept alive by the rest of a long line.
      line.items[line.head] = undefined;
      line.head += 1;
      this.#size -= 1;
      this.#bytes -= item.bytes;
      into.push(item);
    }
    // A turn that the batch's size cuts short leaves no credit: it would add up to a burst.
    if (into.length >= max) line.deficit = 0;
    if (line.head < compactAt) return;
    line.items.splice(0, line.head);
    line.head = 0;
  }
}
