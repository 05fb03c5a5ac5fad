interface Queued {
  bytes: number;
}

interface TenantQueue<T> {
  items: T[];
  head: number;
  deficit: number;
}

const quantumBytes = 16 * 1024;

/**
 * Undecoded commands in a queue per tenant, taken by deficit round robin: a tenant with a burst waits behind its own
 * commands, not the others behind it. In the order of arrival within a tenant.
 */
export class CommandQueue<T extends Queued> {
  readonly #queueByTenant = new Map<string, TenantQueue<T>>();
  #size = 0;
  #bytes = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(tenantId: string, item: T): void {
    let queue = this.#queueByTenant.get(tenantId);
    if (queue === undefined) {
      queue = { items: [], head: 0, deficit: 0 };
      this.#queueByTenant.set(tenantId, queue);
    }
    queue.items.push(item);
    this.#size += 1;
    this.#bytes += item.bytes;
  }

  /** At most `max` commands, each tenant in its turn. */
  take(max: number): T[] {
    const taken: T[] = [];
    while (taken.length < max && this.#size > 0) {
      for (const [tenantId, queue] of this.#queueByTenant) {
        queue.deficit += quantumBytes;
        while (queue.head < queue.items.length && taken.length < max) {
          const item = queue.items[queue.head] as T;
          if (item.bytes > queue.deficit) break;
          queue.deficit -= item.bytes;
          queue.head += 1;
          this.#size -= 1;
          this.#bytes -= item.bytes;
          taken.push(item);
        }
        this.#queueByTenant.delete(tenantId);
        if (queue.head < queue.items.length) this.#queueByTenant.set(tenantId, compact(queue));
        if (taken.length >= max) return taken;
      }
    }
    return taken;
  }
}

/** Gives up the taken part now and then, so that a long queue isn't kept alive by its head. */
function compact<T>(queue: TenantQueue<T>): TenantQueue<T> {
  if (queue.head < 1_024) return queue;
  return { items: queue.items.slice(queue.head), head: 0, deficit: queue.deficit };
}
