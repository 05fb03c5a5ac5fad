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

export interface FairQueueOptions {
  /** Infinity for every key unless given. */
  rate?: RateLimit;
  /** Most items of a `take` while several keys wait: what is taken at once is what the next key waits behind. Infinity unless given. */
  sharedMost?: number;
}

export interface TakeOptions {
  /** Taken together; an item that alone has more is taken alone. Infinity unless given. */
  maxBytes?: number;
  /** How many items of a key may be taken now, whatever its rate; Infinity unless given. */
  roomOf?: (key: string) => number;
}

interface Taking<T> {
  readonly items: T[];
  readonly max: number;
  readonly maxBytes: number;
  bytes: number;
}

const unlimited = () => Number.POSITIVE_INFINITY;

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
  readonly #sharedMost: number;
  readonly #lineByKey = new Map<string, Line<T>>();
  readonly #bucketByKey = new Map<string, TokenBucket>();
  #size = 0;
  #bytes = 0;

  constructor(keyOf: (item: T) => string, { rate, sharedMost = Number.POSITIVE_INFINITY }: FairQueueOptions = {}) {
    this.#keyOf = keyOf;
    this.#limit = rate ?? null;
    this.#sharedMost = sharedMost;
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

  /** At most `max` items, each key in its turn; none where no key that has something has room. */
  take(max: number, { maxBytes = Number.POSITIVE_INFINITY, roomOf = unlimited }: TakeOptions = {}): T[] {
    const taking: Taking<T> = { items: [], max: this.keys > 1 ? Math.min(max, this.#sharedMost) : max, maxBytes, bytes: 0 };
    const { items } = taking;
    const takenByKey = new Map<string, number>();
    const atMs = this.#limit?.now() ?? 0;
    // A key that has more goes to the end of the map, and is met again by this very loop; one without room stays where it is.
    for (const [key, line] of this.#lineByKey) {
      if (items.length >= taking.max) break;
      const before = items.length;
      const taken = takenByKey.get(key) ?? 0;
      const room = Math.min(this.#roomOf(key, atMs), roomOf(key) - taken);
      if (room < 1) continue;
      const fits = this.#serve(line, Math.min(taking.max, before + room), taking);
      const served = items.length - before;
      this.#charge(key, served);
      takenByKey.set(key, taken + served);
      if (!fits) break;
      this.#lineByKey.delete(key);
      if (line.head < line.items.length) this.#lineByKey.set(key, line);
    }
    return items;
  }

  /** An item that was taken turned out not to count against its key's rate. */
  refund(item: T): void {
    this.#charge(this.#keyOf(item), -1);
  }

  /** When `take` gives something again, in ms from now; null where nothing waits that `roomOf` has room for. */
  msUntilRoom({ roomOf = unlimited }: Pick<TakeOptions, 'roomOf'> = {}): number | null {
    let least: number | null = null;
    const atMs = this.#limit?.now() ?? 0;
    for (const key of this.#lineByKey.keys()) {
      if (roomOf(key) < 1) continue;
      if (this.#limit === null || this.#roomOf(key, atMs) >= 1) return 0;
      const ms = this.#bucketByKey.get(key)?.msUntilOne(this.#limit.perSecond(key)) ?? 0;
      least = Math.min(least ?? ms, ms);
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

  /** Until so many items are taken, or the next has too many bytes: then false, and the key keeps its turn. */
  #serve(line: Line<T>, most: number, taking: Taking<T>): boolean {
    const { items, maxBytes } = taking;
    line.deficit += quantumBytes;
    let fits = true;
    while (line.head < line.items.length && items.length < most) {
      const item = line.items[line.head] as T;
      if (item.bytes > line.deficit) break;
      fits = items.length === 0 || taking.bytes + item.bytes <= maxBytes;
      if (!fits) break;
      line.deficit -= item.bytes;
      // What was taken must not be kept alive by the rest of a long line.
      line.items[line.head] = undefined;
      line.head += 1;
      this.#size -= 1;
      this.#bytes -= item.bytes;
      taking.bytes += item.bytes;
      items.push(item);
    }
    // A turn that the batch's size or the rate cuts short leaves no credit: it would add up to a burst.
    if (!fits || items.length >= most) line.deficit = 0;
    if (line.head >= compactAt) {
      line.items.splice(0, line.head);
      line.head = 0;
    }
    return fits;
  }
}
