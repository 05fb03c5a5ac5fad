/**
 * Bytes that were handed to the brokers and not acknowledged, by all publishers of a process. While there are more than the limit no new
 * action starts: 3-engine.md section 4.6.
 */
export class Backlog {
  readonly #limit: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes > this.#limit;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    if (this.isFull) return;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolved once there is room, at once where there is. Who goes on asks again: others were let go with it. */
  room(): Promise<void> {
    return this.isFull ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }
}
