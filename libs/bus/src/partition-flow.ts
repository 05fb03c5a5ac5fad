import { counter } from '@millrace/runtime';

const pauses = counter(
  'bus_fetch_pauses_total',
  "times that fetching a partition paused, as its records that aren't done held too many bytes",
);

export interface PartitionFlow {
  /** With the installation's prefix. */
  readonly topicName: string;
  readonly partition: number;
  /** Of records that aren't done. */
  queuedBytes: number;
  isFull: boolean;
  isPaused: boolean;
}

/** What can be told to fetch a partition or not: kafkajs' consumer. */
export interface Fetcher {
  pause(partitions: { topic: string; partitions: number[] }[]): void;
  resume(partitions: { topic: string; partitions: number[] }[]): void;
}

/** Of all bytes: kept for the partitions' own shares, so that one whose records wait stops no other. */
const reserved = 1 / 8;

/**
 * Holds memory in bounds. A partition may hold as much as there is, since records that wait for their turn keep those behind them in the
 * log waiting as soon as it is paused. Once the common part is used up, those are paused that hold more than their share of the rest; each
 * goes on when it holds half of that, all do when an eighth of the bytes is free again.
 */
export class PartitionFlows {
  readonly #fetcher: Fetcher;
  readonly #flowsByTopic = new Map<string, PartitionFlow[]>();
  readonly #flows: PartitionFlow[] = [];
  readonly #shareBytes: number;
  readonly #highBytes: number;
  readonly #lowBytes: number;
  #queuedBytes = 0;
  #full = 0;
  readonly #groupId: string;
  #isPausedByCaller = false;

  constructor(options: {
    fetcher: Fetcher;
    /** By the topics' names with the prefix. */
    partitionsByTopic: Record<string, number[]>;
    topicPrefix: string;
    maxQueuedBytes: number;
    groupId: string;
  }) {
    const { partitionsByTopic, topicPrefix, maxQueuedBytes } = options;
    this.#fetcher = options.fetcher;
    this.#groupId = options.groupId;
    for (const [topicName, partitions] of Object.entries(partitionsByTopic)) {
      const flows: PartitionFlow[] = [];
      for (const partition of partitions) flows[partition] = { topicName, partition, queuedBytes: 0, isFull: false, isPaused: false };
      this.#flowsByTopic.set(topicName.slice(topicPrefix.length), flows);
      this.#flows.push(...partitions.map((partition) => flows[partition] as PartitionFlow));
    }
    this.#shareBytes = (maxQueuedBytes * reserved) / Math.max(1, this.#flows.length);
    this.#highBytes = maxQueuedBytes * (1 - reserved);
    this.#lowBytes = maxQueuedBytes * (1 - 2 * reserved);
  }

  /** Undefined for a partition that isn't of the assignment. */
  of(topic: string, partition: number): PartitionFlow | undefined {
    return this.#flowsByTopic.get(topic)?.[partition];
  }

  queued(flow: PartitionFlow, bytes: number): void {
    flow.queuedBytes += bytes;
    this.#queuedBytes += bytes;
    if (flow.isFull || this.#queuedBytes <= this.#highBytes || flow.queuedBytes <= this.#shareBytes) return;
    flow.isFull = true;
    this.#full += 1;
    pauses.add(1, { group: this.#groupId });
    this.#apply([flow]);
  }

  done(flow: PartitionFlow, bytes: number): void {
    flow.queuedBytes -= bytes;
    this.#queuedBytes -= bytes;
    if (this.#full === 0) return;
    if (this.#queuedBytes <= this.#lowBytes) this.#goOn(this.#flows);
    else if (flow.queuedBytes <= this.#shareBytes / 2) this.#goOn([flow]);
  }

  #goOn(flows: readonly PartitionFlow[]): void {
    const full = flows.filter(({ isFull }) => isFull);
    for (const flow of full) flow.isFull = false;
    this.#full -= full.length;
    this.#apply(full);
  }

  /** Pauses all, or lets those go on that have room. */
  pauseAll(isPaused: boolean): void {
    this.#isPausedByCaller = isPaused;
    this.#apply(this.#flows);
  }

  #apply(flows: readonly PartitionFlow[]): void {
    const changed = flows.filter((flow) => flow.isPaused !== (this.#isPausedByCaller || flow.isFull));
    if (changed.length === 0) return;
    for (const flow of changed) flow.isPaused = !flow.isPaused;
    const [paused, resumed] = [changed.filter(({ isPaused }) => isPaused), changed.filter(({ isPaused }) => !isPaused)];
    if (paused.length > 0) this.#fetcher.pause(byTopic(paused));
    if (resumed.length > 0) this.#fetcher.resume(byTopic(resumed));
  }
}

function byTopic(flows: readonly PartitionFlow[]): { topic: string; partitions: number[] }[] {
  return [...Map.groupBy(flows, ({ topicName }) => topicName)].map(([topic, of]) => ({
    topic,
    partitions: of.map(({ partition }) => partition),
  }));
}
