import { limits } from './limits.ts';

/**
 * What all templates of a config may take together: steps (the same on every machine, unlike time) and characters of output.
 * Has the shape of liquidjs' limiter, which asks at every node.
 */
export class RenderBudget {
  #steps = limits.steps;
  #output = limits.outputLength;
  #weight = 1;

  /** A template begins; each of its steps counts `weight` times. */
  begin(weight: number): void {
    this.#weight = weight;
  }

  use(): void {
    this.spend(1);
  }

  check(): void {
    this.spend(1);
  }

  spend(steps: number): void {
    this.#steps -= steps * this.#weight;
    if (this.#steps < 0) throw new Error('Expected a template that ends soon, but it takes too many steps');
  }

  spendOutput(length: number): void {
    this.#output -= length;
    if (this.#output < 0) throw new Error(`Expected at most ${limits.outputLength} characters of output, but there are more`);
  }
}

/** Collects output and says how much it is before it keeps it. Has the shape of liquidjs' emitter. */
export class MeteredOutput {
  buffer = '';
  #spend: (length: number) => void;

  constructor(spend: (length: number) => void) {
    this.#spend = spend;
  }

  write(value: unknown): void {
    const text = textOf(value);
    this.#spend(text.length);
    this.buffer += text;
  }
}

/** A value in running text: nothing for null, lists joined without a separator as liquid does, objects as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join('');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Steps that a filter or an operator may take beside its first: its elements, for each the path that it may be asked for; for texts the
 * product of their lengths, which is what a search for one in the other costs at worst.
 */
export function workOf(value: unknown, others: readonly unknown[]): number {
  const longest = Math.max(0, ...others.map((other) => (typeof other === 'string' ? other.length : 0)));
  if (Array.isArray(value)) return value.length * Math.ceil((longest + 1) / 100);
  return typeof value === 'string' ? Math.floor((value.length * longest) / 200_000) : 0;
}
