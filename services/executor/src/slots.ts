/** Beyond it only tenants go on that run few. */
const commonSlots = 3_000;
const mostSlots = 4_000;
const few = 32;

/** Instances that only wait for room to make a call: they need no slot meanwhile. */
export interface Waiting {
  readonly waiting: number;
  waitingOf(tenantId: string): number;
}

/**
 * How many instances run at once. A tenant whose instances are slow to end may take all of the common slots: the rest is kept for those that
 * run few, so that nobody waits for another's.
 */
export class Slots {
  readonly #turns: Waiting;
  readonly #heldByTenant = new Map<string, number>();
  #held = 0;

  constructor(turns: Waiting) {
    this.#turns = turns;
  }

  /** How many more a tenant may take now. */
  roomOf(tenantId: string): number {
    const used = this.#held - this.#turns.waiting;
    const usedByTenant = (this.#heldByTenant.get(tenantId) ?? 0) - this.#turns.waitingOf(tenantId);
    const common = commonSlots - used;
    const reserved = Math.min(few - usedByTenant, mostSlots - used);
    return Math.max(0, common, reserved);
  }

  take(tenantId: string): void {
    this.#held += 1;
    this.#heldByTenant.set(tenantId, (this.#heldByTenant.get(tenantId) ?? 0) + 1);
  }

  release(tenantId: string): void {
    this.#held -= 1;
    const left = (this.#heldByTenant.get(tenantId) ?? 0) - 1;
    if (left > 0) this.#heldByTenant.set(tenantId, left);
    else this.#heldByTenant.delete(tenantId);
  }
}
