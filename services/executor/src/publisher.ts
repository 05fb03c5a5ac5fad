import type { Bus, OutRecord } from '@millrace/bus';
import { type Logger, RetryableError } from '@millrace/runtime';
import type { Backlog } from './backlog.ts';
import { type Clock, systemClock } from './clock.ts';

interface Pending {
  record: OutRecord;
  resolve(): void;
  reject(error: unknown): void;
}

const maxRecords = 1_000;
const maxBatchBytes = 4 * 1024 * 1024;
const maxBackoffMs = 2_000;

/**
 * Publishes in batches: one send is in flight, and what queued up meanwhile is the next (no timer). An outage of Kafka is
 * waited out; a record that the broker refuses is bisected out, and only its own promise is rejected.
 */
export class Publisher {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #logger: Logger;
  readonly #backlog: Backlog;
  readonly #clock: Clock;
  #queue: Pending[] = [];
  #sending = false;

  constructor(bus: Pick<Bus, 'publish'>, backlog: Backlog, logger: Logger, clock: Clock = systemClock) {
    this.#bus = bus;
    this.#backlog = backlog;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Resolved when the brokers have acknowledged the record. TerminalError where they refuse it. */
  publish(record: OutRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#backlog.add(size(record));
      this.#queue.push({ record, resolve, reject });
      if (!this.#sending) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#sending = true;
    while (this.#queue.length > 0) await this.#send(this.#take());
    this.#sending = false;
  }

  #take(): Pending[] {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(maxRecords, this.#queue.length)) {
      bytes += size((this.#queue[count] as Pending).record);
      if (count > 0 && bytes > maxBatchBytes) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #send(batch: Pending[]): Promise<void> {
    for (let backoffMs = 100; ; backoffMs = Math.min(maxBackoffMs, backoffMs * 2)) {
      try {
        await this.#bus.publish(batch.map((pending) => pending.record));
        return this.#settle(batch, (pending) => pending.resolve());
      } catch (error) {
        if (!(error instanceof RetryableError)) return this.#bisect(batch, error);
        this.#logger.warn({ code: error.code, records: batch.length, backoffMs }, 'publish is tried again');
        await this.#clock.sleep(backoffMs);
      }
    }
  }

  async #bisect(batch: Pending[], error: unknown): Promise<void> {
    if (batch.length === 1) return this.#settle(batch, (pending) => pending.reject(error));
    const middle = batch.length >> 1;
    await this.#send(batch.slice(0, middle));
    await this.#send(batch.slice(middle));
  }

  #settle(batch: Pending[], settle: (pending: Pending) => void): void {
    for (const pending of batch) {
      this.#backlog.remove(size(pending.record));
      settle(pending);
    }
  }
}

function size(record: OutRecord): number {
  return (record.value?.length ?? 0) + 100;
}
