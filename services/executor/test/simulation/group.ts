import { partitions } from './broker.ts';
import type { World } from './world.ts';

export const sessionTimeoutMs = 10_000;
const rebalanceTimeoutMs = 20_000;

/** What the coordinator knows of a consumer. */
export interface Membership {
  readonly name: string;
  /** The group has got a new generation, and these partitions are the member's in it. */
  assigned(generation: number, partitions: readonly number[]): void;
  /** The group goes on without it, which hears of that later. */
  putOut(): void;
}

interface Member {
  membership: Membership;
  lastSeenMs: number;
  hasJoined: boolean;
}

/**
 * A group's coordinator, eager protocol: a rebalance waits until every member has joined again, or for its timeout; who is silent for a
 * session timeout is put out. Offsets are taken from members of the running generation alone.
 */
export class SimulatedGroup {
  readonly committed: number[] = Array.from({ length: partitions }, () => 0);
  readonly #world: World;
  readonly #members = new Map<Membership, Member>();
  #generation = 0;
  #rebalance: { endsAtMs: number } | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  join(membership: Membership): void {
    const { nowMs } = this.#world;
    const known = this.#members.get(membership);
    if (known === undefined) this.#expireLater(membership);
    this.#members.set(membership, { membership, lastSeenMs: nowMs, hasJoined: true });
    this.#beginRebalance(membership);
    this.#endRebalanceOnceComplete();
  }

  leave(membership: Membership): void {
    if (!this.#members.delete(membership)) return;
    this.#beginRebalance(null);
    this.#endRebalanceOnceComplete();
  }

  /** `rebalance`: join again. `unknown`: put out; join anew. */
  heartbeat(membership: Membership, generation: number): 'ok' | 'rebalance' | 'unknown' {
    const member = this.#members.get(membership);
    if (member === undefined) return 'unknown';
    member.lastSeenMs = this.#world.nowMs;
    if (this.#rebalance !== null) return member.hasJoined ? 'ok' : 'rebalance';
    return generation === this.#generation ? 'ok' : 'rebalance';
  }

  /** False where the member no longer has a say. */
  commit(membership: Membership, generation: number, offsets: readonly { partition: number; offset: number }[]): boolean {
    if (!this.#members.has(membership) || generation !== this.#generation) return false;
    for (const { partition, offset } of offsets) this.committed[partition] = offset;
    return true;
  }

  /** The answer to a member that has been told its generation: false where that is over already. */
  sync(membership: Membership, generation: number): boolean {
    const member = this.#members.get(membership);
    if (member === undefined || generation !== this.#generation || this.#rebalance !== null) return false;
    member.lastSeenMs = this.#world.nowMs;
    return true;
  }

  #beginRebalance(joining: Membership | null): void {
    if (this.#rebalance !== null || this.#members.size === 0) return;
    const rebalance = { endsAtMs: this.#world.nowMs + rebalanceTimeoutMs };
    this.#rebalance = rebalance;
    for (const member of this.#members.values()) member.hasJoined = member.membership === joining;
    this.#world.time.after(rebalanceTimeoutMs, () => {
      if (this.#rebalance !== rebalance) return;
      for (const { hasJoined, membership } of [...this.#members.values()]) if (!hasJoined) this.#putOut(membership);
      this.#endRebalanceOnceComplete();
    });
  }

  #endRebalanceOnceComplete(): void {
    const members = [...this.#members.values()];
    if (this.#rebalance === null || members.length === 0 || !members.every(({ hasJoined }) => hasJoined)) return;
    this.#rebalance = null;
    this.#generation += 1;
    const generation = this.#generation;
    const shifted = this.#world.random.between(0, members.length - 1);
    for (const [index, member] of members.entries()) {
      const { membership } = member;
      member.lastSeenMs = this.#world.nowMs;
      const own = this.committed.map((_, partition) => partition).filter((partition) => (partition + shifted) % members.length === index);
      this.#world.note(() => `group: generation ${generation}, ${membership.name} has ${own.join(',')}`);
      membership.assigned(generation, own);
    }
  }

  #putOut(membership: Membership): void {
    this.#world.note(() => `group: ${membership.name} is put out`);
    this.#members.delete(membership);
    membership.putOut();
  }

  #expireLater(membership: Membership): void {
    const check = () => {
      const member = this.#members.get(membership);
      if (member === undefined) return;
      // Who waits in a join is held by the rebalance's own timeout.
      const isHeld = this.#rebalance !== null && member.hasJoined;
      const remainingMs = isHeld ? sessionTimeoutMs : member.lastSeenMs + sessionTimeoutMs - this.#world.nowMs;
      if (remainingMs > 0) return this.#world.time.after(remainingMs, check);
      this.#putOut(membership);
      this.#beginRebalance(null);
      this.#endRebalanceOnceComplete();
    };
    this.#world.time.after(sessionTimeoutMs, check);
  }
}
