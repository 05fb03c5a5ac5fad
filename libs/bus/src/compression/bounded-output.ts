import { UnreadableBatchError } from './unreadable-batch-error.ts';

/** Bytes that are written one after the other, and may be repeated from what was written before. Throws UnreadableBatchError above `most`. */
export class BoundedOutput {
  readonly #most: number;
  #buffer: Buffer;
  #length = 0;

  constructor(most: number, expected: number) {
    this.#most = most;
    this.#buffer = Buffer.allocUnsafe(Math.min(most, Math.max(1_024, expected)));
  }

  get length(): number {
    return this.#length;
  }

  write(bytes: Buffer, from: number, count: number): void {
    if (count < 0 || from + count > bytes.length) throw new UnreadableBatchError('Expected more compressed bytes, but they end');
    this.#reserve(count);
    bytes.copy(this.#buffer, this.#length, from, from + count);
    this.#length += count;
  }

  /** Writes `count` bytes that begin `distance` before the end, those that it writes itself included. */
  repeat(distance: number, count: number): void {
    if (distance < 1 || distance > this.#length)
      throw new UnreadableBatchError('Expected a repeat of what came before, but it begins before that');
    this.#reserve(count);
    const buffer = this.#buffer;
    const end = this.#length + count;
    for (let to = this.#length, from = to - distance; to < end; to += 1, from += 1) buffer[to] = buffer[from] as number;
    this.#length = end;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#most) {
      throw new UnreadableBatchError(`Expected a batch of at most ${this.#most} bytes once inflated, but it has more`);
    }
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#most, Math.max(needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
