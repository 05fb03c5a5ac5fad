/** The place of one instance's creation among those of its entity. */
export interface Place {
  /** Resolved when every earlier creation of the entity is with the committer; false where one was given up: nor may this one be made then. */
  readonly before: Promise<boolean>;
  /** Lets the next one go. Repeats do nothing. */
  pass(): void;
  /** It isn't made here, but comes again to whoever holds the partition next: and so do all behind it. Nothing after `pass`. */
  giveUp(): void;
}

/**
 * Keeps the creation of instances of one entity in log order (P7): each is handed to the committer after the one before it. Each assignment
 * has an order of its own, since it begins at the oldest input that isn't done.
 */
export class EntityOrder {
  readonly #lastByEntity = new Map<string, Promise<boolean>>();
  readonly #openByInstance = new Map<string, Place>();

  /** An instance whose place is open has that one, however many inputs it comes in; null: nothing is made at it. */
  enter(entity: string, generation: number, instanceId: string | null): Place {
    const owner = `${generation}/${instanceId}`;
    const open = instanceId === null ? undefined : this.#openByInstance.get(owner);
    if (open !== undefined) return open;
    const line = `${generation}/${entity}`;
    const before = this.#lastByEntity.get(line) ?? Promise.resolve(true);
    let settle = (_isPassed: boolean) => {};
    const settled = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const end = (isPassed: boolean) => {
      if (this.#openByInstance.get(owner) === place) this.#openByInstance.delete(owner);
      settle(isPassed);
    };
    const place: Place = { before, pass: () => end(true), giveUp: () => end(false) };
    const mine = before.then((isInOrder) => isInOrder && settled);
    if (instanceId !== null) this.#openByInstance.set(owner, place);
    this.#lastByEntity.set(line, mine);
    void mine.then(() => {
      if (this.#lastByEntity.get(line) === mine) this.#lastByEntity.delete(line);
    });
    return place;
  }
}
