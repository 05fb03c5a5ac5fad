import { createAssignment, createOffsetTracker, type HeldAssignment, type InRecord, type OffsetTracker } from '@millrace/bus';
import { topics } from '@millrace/messages';
import type { LoggedRecord, SimulatedBroker } from './broker.ts';
import { type Membership, type SimulatedGroup, sessionTimeoutMs } from './group.ts';
import type { SimulatedProcess } from './process.ts';
import type { World } from './world.ts';

const heartbeatEveryMs = 2_000;
const commitEveryMs = 500;
const topic = topics.workflowCommands.name;

interface Held {
  generation: number;
  assignment: HeldAssignment;
  tracker: OffsetTracker;
  /** Next offset to fetch, by partition. */
  positions: Map<number, number>;
  fetching: Set<number>;
}

export interface ConsumerParts {
  world: World;
  broker: SimulatedBroker;
  group: SimulatedGroup;
  process: SimulatedProcess;
  onRecords(records: InRecord[]): void;
  /** The partitions are given up: what runs is in flight at a fault. */
  onRevoked(): void;
}

/** A consumer of `workflow.commands` in a process: what `libs/bus/src/consumer.ts` does over kafkajs, with its own assignment and offset tracker. */
export class SimulatedConsumer implements Membership {
  readonly #parts: ConsumerParts;
  #held: Held | null = null;
  #isStopped = false;
  #isCommitting = false;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#join();
    this.#beat();
    parts.broker.onAppended(topic, ({ partition }) => this.#fetchSoon(partition));
  }

  get name(): string {
    return this.#parts.process.name;
  }

  /** Commits what is done and leaves the group. */
  stop(): void {
    if (this.#held !== null) this.#commit(this.#held);
    this.#isStopped = true;
    this.#held?.assignment.revoke();
    this.#held = null;
    this.#parts.group.leave(this);
  }

  assigned(generation: number, partitions: readonly number[]): void {
    const { process, group } = this.#parts;
    this.#later(() => {
      const syncSentAt = process.clock.elapsed();
      this.#later(() => {
        if (this.#isStopped) return;
        if (group.sync(this, generation)) this.#later(() => this.#hold(generation, partitions, syncSentAt));
        else this.#join();
      });
    });
  }

  putOut(): void {
    this.#parts.onRevoked();
  }

  /** After the way through the network, in the process. */
  #later(call: () => void): void {
    const { world, process } = this.#parts;
    world.time.after(world.random.between(1, 20), () => process.enter(call));
  }

  #join(): void {
    const { world, group, process } = this.#parts;
    world.time.after(world.random.between(1, 20), () => {
      if (process.status !== 'dead' && !this.#isStopped) group.join(this);
    });
  }

  #hold(generation: number, partitions: readonly number[], syncSentAt: number): void {
    const { process, group, world } = this.#parts;
    if (this.#isStopped) return;
    this.#revoke();
    world.note(() => `${this.name} holds ${partitions.join(',')} of generation ${generation}`);
    this.#held = {
      generation,
      assignment: createAssignment(generation, sessionTimeoutMs, syncSentAt, process.clock.elapsed),
      tracker: createOffsetTracker(),
      positions: new Map(partitions.map((partition) => [partition, group.committed[partition] as number])),
      fetching: new Set(),
    };
    for (const partition of partitions) this.#fetchSoon(partition);
  }

  #revoke(): void {
    if (this.#held === null) return;
    this.#parts.world.note(() => `${this.name} gives its partitions up`);
    this.#held.assignment.revoke();
    this.#held = null;
    this.#parts.onRevoked();
  }

  #beat(): void {
    const { world, process, group } = this.#parts;
    world.time.after(heartbeatEveryMs, () =>
      process.enter(() => {
        if (this.#isStopped) return;
        const held = this.#held;
        if (held === null) return this.#beat();
        world.time.after(world.random.between(1, 20), () => {
          if (process.status === 'dead' || this.#isStopped) return;
          const answer = group.heartbeat(this, held.generation);
          this.#later(() => {
            this.#beat();
            if (this.#held !== held) return;
            if (answer === 'ok') return held.assignment.heartbeatAnswered();
            if (answer === 'rebalance') this.#commit(held);
            this.#revoke();
            this.#join();
          });
        });
      }),
    );
  }

  #fetchSoon(partition: number): void {
    const held = this.#held;
    if (held === null || held.fetching.has(partition) || !held.positions.has(partition)) return;
    const { world, broker, process } = this.#parts;
    if ((held.positions.get(partition) as number) >= broker.commands(partition).length) return;
    held.fetching.add(partition);
    world.time.after(world.random.between(1, 30), () =>
      process.enter(() => {
        held.fetching.delete(partition);
        if (this.#held !== held || this.#isStopped) return;
        const from = held.positions.get(partition) as number;
        const records = broker.commands(partition).slice(from, from + world.random.between(1, 20));
        held.positions.set(partition, from + records.length);
        for (const { offset } of records) held.tracker.add(topic, partition, offset);
        world.note(() => `${this.name} takes ${partition}/${from}..${from + records.length - 1}`);
        this.#parts.onRecords(records.map((record) => this.#received(record, held)));
        this.#fetchSoon(partition);
      }),
    );
  }

  #received({ partition, offset, timestampMs, key, value }: LoggedRecord, held: Held): InRecord {
    return {
      topic,
      partition,
      offset: String(offset),
      timestampMs,
      key,
      value,
      headers: {},
      bytes: 500,
      assignment: held.assignment,
      done: () => {
        if (this.#held !== held) return;
        held.tracker.done(topic, partition, offset);
        this.#commitSoon();
      },
    };
  }

  #commitSoon(): void {
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    this.#parts.process.clock.after(commitEveryMs, () => {
      this.#isCommitting = false;
      if (this.#held !== null) this.#commit(this.#held);
    });
  }

  #commit(held: Held): void {
    const { group } = this.#parts;
    const offsets = held.tracker.uncommitted();
    if (offsets.length > 0 && group.commit(this, held.generation, offsets)) held.tracker.committed(offsets);
  }
}
