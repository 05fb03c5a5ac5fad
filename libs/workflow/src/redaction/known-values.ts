import { isJsonObject, type Json } from '../json.ts';

/** Shorter ones come up by chance. */
const shortestText = 5;
const shortestNumber = 7;
const mostValues = 1_000;

/** Values that were hidden in an instance, to be found again in texts that were made of them. */
export class KnownValues {
  readonly #values = new Set<string>();

  /** Learns the texts of at least five characters in a value, and numbers of at least seven. */
  learn(value: Json): void {
    if (typeof value === 'string') this.#add(value.trim(), shortestText);
    else if (typeof value === 'number') this.#add(String(value), shortestNumber);
    else if (Array.isArray(value)) value.forEach((item) => void this.learn(item));
    else if (isJsonObject(value)) Object.values(value).forEach((child) => void this.learn(child));
  }

  /** Whether a text holds one of them, as it is, in other case, or percent-encoded. */
  areIn(text: string): boolean {
    if (this.#values.size === 0 || text.length < shortestText) return false;
    const lower = text.toLowerCase();
    for (const value of this.#values) if (lower.includes(value)) return true;
    return false;
  }

  #add(text: string, shortest: number): void {
    if (text.length < shortest || this.#values.size >= mostValues) return;
    this.#values.add(text.toLowerCase());
    this.#values.add(encodeURIComponent(text.toWellFormed()).toLowerCase());
  }
}
