export interface PartitionOffset {
  topic: string;
  partition: number;
  /** The next offset to read: all before it are done. */
  offset: number;
}

interface PartitionState {
  topic: string;
  partition: number;
  offsets: number[];
  isDone: boolean[];
  head: number;
  next: number;
  committed: number;
}

export interface OffsetTracker {
  /** Offsets of a partition come in order; one that isn't above the last starts the partition anew (the log was replaced). */
  add(topic: string, partition: number, offset: number): void;
  /** In any order, repeatable; an offset that isn't tracked is ignored. */
  done(topic: string, partition: number, offset: number): void;
  /** Per partition the lowest offset that is not done, or the one after the last. */
  lowWater(): PartitionOffset[];
  /** The low-water marks that differ from what was last marked as committed. */
  uncommitted(): PartitionOffset[];
  committed(offsets: readonly PartitionOffset[]): void;
  /** Tracked records that are not done. */
  readonly pending: number;
}

const compactAt = 1_024;

function indexOf(offsets: number[], offset: number, from: number): number {
  let low = from;
  let high = offsets.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = offsets[middle] as number;
    if (found === offset) return middle;
    if (found < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Tells which offsets may be committed while records finish in any order. Pure: no clock, no Kafka. */
export function createOffsetTracker(): OffsetTracker {
  const partitions = new Map<string, PartitionState>();
  let pending = 0;

  const markOf = (state: PartitionState) => (state.head < state.offsets.length ? (state.offsets[state.head] as number) : state.next);

  const advance = (state: PartitionState) => {
    while (state.isDone[state.head] === true) state.head += 1;
    if (state.head === state.offsets.length || state.head >= compactAt) {
      state.offsets.splice(0, state.head);
      state.isDone.splice(0, state.head);
      state.head = 0;
    }
  };

  const marks = (only: (state: PartitionState) => boolean): PartitionOffset[] =>
    [...partitions.values()].filter(only).map((state) => ({ topic: state.topic, partition: state.partition, offset: markOf(state) }));

  return {
    add(topic, partition, offset) {
      const key = `${topic}/${partition}`;
      let state = partitions.get(key);
      if (state === undefined || offset < state.next) {
        if (state !== undefined) pending -= state.isDone.filter((isDone) => !isDone).length;
        state = { topic, partition, offsets: [], isDone: [], head: 0, next: offset, committed: offset };
        partitions.set(key, state);
      }
      state.offsets.push(offset);
      state.isDone.push(false);
      state.next = offset + 1;
      pending += 1;
    },
    done(topic, partition, offset) {
      const state = partitions.get(`${topic}/${partition}`);
      if (state === undefined) return;
      const index = indexOf(state.offsets, offset, state.head);
      if (index === -1 || state.isDone[index] === true) return;
      state.isDone[index] = true;
      pending -= 1;
      if (index === state.head) advance(state);
    },
    lowWater: () => marks(() => true),
    uncommitted: () => marks((state) => markOf(state) !== state.committed),
    committed(offsets) {
      for (const { topic, partition, offset } of offsets) {
        const state = partitions.get(`${topic}/${partition}`);
        if (state !== undefined) state.committed = offset;
      }
    },
    get pending() {
      return pending;
    },
  };
}
