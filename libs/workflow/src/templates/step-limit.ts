/** Ends a render after a number of steps: the same on every machine, unlike a limit of time. Has the shape of liquidjs' limiter. */
export class StepLimit {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  use(): void {
    this.check();
  }

  check(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Error('Expected a template that ends soon, but it takes too many steps');
  }
}

/** Collects a template's output up to a length. Has the shape of liquidjs' emitter. */
export class BoundedOutput {
  buffer = '';
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(value: unknown): void {
    this.buffer += textOf(value);
    if (this.buffer.length > this.#limit)
      throw new Error(`Expected at most ${this.#limit} characters of output, but the template makes more`);
  }
}

/** A value in running text: nothing for null, lists joined without a separator as liquid does, objects as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join('');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
