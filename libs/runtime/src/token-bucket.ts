/** How much of a rate is left: fills evenly, up to what a second gives (at least 1). Times are monotonic, ms. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(perSecond: number, atMs: number) {
    this.#tokens = capacityOf(perSecond);
    this.#at = atMs;
  }

  /** Whole tokens at a time, at the rate that holds now. */
  available(perSecond: number, atMs: number): number {
    const gained = (Math.max(0, atMs - this.#at) * perSecond) / 1_000;
    this.#tokens = Math.min(capacityOf(perSecond), this.#tokens + gained);
    this.#at = atMs;
    return Math.floor(this.#tokens);
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  /** Until there is a whole token, as of the last `available`. */
  msUntilOne(perSecond: number): number {
    return Math.max(0, ((1 - this.#tokens) * 1_000) / perSecond);
  }

  /** Nothing would change if it were forgotten. */
  isFull(perSecond: number): boolean {
    return this.#tokens >= capacityOf(perSecond);
  }
}

function capacityOf(perSecond: number): number {
  return Math.max(1, perSecond);
}
