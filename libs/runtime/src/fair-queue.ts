import { TokenBucket } from './token-bucket.ts';

interface Line<T> {
  items: (T | undefined)[];
  head: number;
  deficit: number;
}

/** How many items of a key are taken in a second, at most. */
export interface RateLimit {
  /** More than 0; Infinity where a key has no limit. May change. */
  perSecond(key: string): number;
  /** Monotonic, ms. */
  now(): number;
}

const quantumBytes = 16 * 1024;
const compactAt = 1_024;
/** Above it those that are full are forgotten. */
const mostBuckets = 10_000;

/**
 * A queue per key (a tenant), taken by deficit round robin: a key with a burst waits behind its own items, not the others
 * behind it. In the order of arrival within a key. A key beyond its rate is passed over until it has room again.
 */
export class FairQueue<T extends { readonly bytes: number }> {
  readonly #keyOf: (item: T) => string;
  readonly #limit: RateLimit | null;
  readonly #lineByKey = new Map<string, Line<T>>();
  readonly #bucketByKey = new Map<string, TokenBucket>();
  #size = 0;
  #bytes = 0;

  constructor(keyOf: (item: T) => string, limit: RateLimit | null = null) {
    this.#keyOf = keyOf;
    this.#limit = limit;
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

  /** Keys whose rate is kept account of. */
  get limitedKeys(): number {
    return this.#bucketByKey.size;
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

  /** At most `max` items, each key in its turn; none where all that have something are beyond their rates. */
  take(max: number): T[] {
    const taken: T[] = [];
    const atMs = this.#limit?.now() ?? 0;
    // A key that has more goes to the end of the map, and is met again by this very loop; one without room stays where it is.
    for (const [key, line] of this.#lineByKey) {
      if (taken.length >= max) break;
      const before = taken.length;
      const room = this.#roomOf(key, atMs);
      if (room < 1) continue;
      this.#serve(line, Math.min(max, before + room), taken);
      this.#charge(key, taken.length - before);
      this.#lineByKey.delete(key);
      if (line.head < line.items.length) this.#lineByKey.set(key, line);
    }
    return taken;
  }

  /** An item that was taken turned out not to count against its key's rate. */
  refund(item: T): void {
    this.#charge(this.#keyOf(item), -1);
  }

  /** When `take` gives something again, in ms from now; null where nothing waits. */
  msUntilRoom(): number | null {
    if (this.#size === 0) return null;
    if (this.#limit === null) return 0;
    let least = Number.POSITIVE_INFINITY;
    const atMs = this.#limit.now();
    for (const key of this.#lineByKey.keys()) {
      if (this.#roomOf(key, atMs) >= 1) return 0;
      least = Math.min(least, this.#bucketByKey.get(key)?.msUntilOne(this.#limit.perSecond(key)) ?? 0);
    }
    return least;
  }

  #roomOf(key: string, atMs: number): number {
    if (this.#limit === null) return Number.POSITIVE_INFINITY;
    const perSecond = this.#limit.perSecond(key);
    if (perSecond === Number.POSITIVE_INFINITY) return perSecond;
    let bucket = this.#bucketByKey.get(key);
    if (bucket === undefined) {
      if (this.#bucketByKey.size >= mostBuckets) this.#forgetFull(atMs);
      bucket = new TokenBucket(perSecond, atMs);
      this.#bucketByKey.set(key, bucket);
    }
    return bucket.available(perSecond, atMs);
  }

  #charge(key: string, count: number): void {
    this.#bucketByKey.get(key)?.take(count);
  }

  #forgetFull(atMs: number): void {
    for (const [key, bucket] of this.#bucketByKey) {
      const perSecond = this.#limit?.perSecond(key) ?? Number.POSITIVE_INFINITY;
      bucket.available(perSecond, atMs);
      if (perSecond === Number.POSITIVE_INFINITY || bucket.isFull(perSecond)) this.#bucketByKey.delete(key);
    }
  }

  /** Until `into` has `most` items. */
  #serve(line: Line<T>, most: number, into: T[]): void {
    line.deficit += quantumBytes;
    while (line.head < line.items.length && into.length < most) {
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
    // A turn that the batch's size or the rate cuts short leaves no credit: it would add up to a burst.
    if (into.length >= most) line.deficit = 0;
    if (line.head < compactAt) return;
    line.items.splice(0, line.head);
    line.head = 0;
  }
}
