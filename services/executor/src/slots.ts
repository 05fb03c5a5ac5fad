/** Beyond it only tenants go on that run few. */
const commonSlots = 3_000;
const mostSlots = 4_000;
const few = 32;

/**
 * How many instances run at once. A tenant whose instances are slow to end may take all of the common slots: the rest is kept for those that
 * run few, so that nobody waits for another's.
 */
export class Slots {
  readonly #usedByTenant = new Map<string, number>();
  #used = 0;

  /** How many more a tenant may take now. */
  roomOf(tenantId: string): number {
    const common = commonSlots - this.#used;
    const reserved = Math.min(few - (this.#usedByTenant.get(tenantId) ?? 0), mostSlots - this.#used);
    return Math.max(0, common, reserved);
  }

  take(tenantId: string): void {
    this.#used += 1;
    this.#usedByTenant.set(tenantId, (this.#usedByTenant.get(tenantId) ?? 0) + 1);
  }

  release(tenantId: string): void {
    this.#used -= 1;
    const left = (this.#usedByTenant.get(tenantId) ?? 0) - 1;
    if (left > 0) this.#usedByTenant.set(tenantId, left);
    else this.#usedByTenant.delete(tenantId);
  }
}
