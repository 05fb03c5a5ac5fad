/** How far a name has been met on the way to a value. */
interface Place {
  segments: readonly string[];
  /** The next segment that has to come. */
  at: number;
}

export type Places = readonly Place[];

export const nowhere: Places = [];

/**
 * Dotted names of fields, whatever their letters' case. A name is met where the path of a value ends with it: `email` anywhere, `lead.email`
 * only in a `lead`. Places in lists may be named or passed over.
 */
export class FieldNames {
  readonly #byFirst = new Map<string, Place[]>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const segments = name.toLowerCase().split('.');
      const first = segments[0] ?? '';
      this.#byFirst.set(first, [...(this.#byFirst.get(first) ?? []), { segments, at: 0 }]);
    }
  }

  get isEmpty(): boolean {
    return this.#byFirst.size === 0;
  }

  /** One step on the way: where names stand after it, and whether one of them is met. */
  step(places: Places, key: string): { places: Places; isMet: boolean } {
    const segment = key.toLowerCase();
    const going = places.filter(({ segments, at }) => segments[at] === segment);
    const next = [...going, ...(this.#byFirst.get(segment) ?? [])].map(({ segments, at }) => ({ segments, at: at + 1 }));
    return { places: next.length === 0 ? nowhere : next, isMet: next.some(({ segments, at }) => segments.length === at) };
  }
}
