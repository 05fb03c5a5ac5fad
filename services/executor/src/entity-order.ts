/** The place of one instance's creation among those of its entity. */
export interface Place {
  /** Resolved when every earlier creation of the entity is with the committer. */
  readonly before: Promise<void>;
  /** Lets the next one go. Repeats do nothing. */
  pass(): void;
}

/** Keeps the creation of instances of one entity in log order (P7): each is handed to the committer after the one before it. */
export class EntityOrder {
  readonly #lastByEntity = new Map<string, Promise<void>>();

  enter(entity: string): Place {
    const before = this.#lastByEntity.get(entity) ?? Promise.resolve();
    let pass = () => {};
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const mine = before.then(() => passed);
    this.#lastByEntity.set(entity, mine);
    void mine.then(() => {
      if (this.#lastByEntity.get(entity) === mine) this.#lastByEntity.delete(entity);
    });
    return { before, pass };
  }
}
