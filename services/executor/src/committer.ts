import { randomBytes } from 'node:crypto';
import { type InstanceRow, isMissingReference, type Subscription, type TaskRunRow } from '@millrace/db';
import { FairQueue, type Logger, RetryableError, TerminalError } from '@millrace/runtime';
import { type Clock, systemClock } from './clock.ts';
import type { Tables } from './tables.ts';

/** A row to be made durable: `expectedRowVersion` null inserts it, a number compares and sets. */
export interface Change {
  row: InstanceRow;
  expectedRowVersion: number | null;
  /** What of its journal follows the stored one without its last bracket. */
  journalTail: string;
  /** Names of events that it waits for from this commit on. */
  waitsFor?: readonly string[];
  /** The instance begins with this commit, or is taken up again after its end. */
  begins?: boolean;
}

/** `lost`: another writer came first; `gone`: the row or what it refers to was deleted. */
export type CommitResult = 'won' | 'lost' | 'gone';

interface Pending extends Change {
  readonly bytes: number;
  resolve(result: CommitResult): void;
  reject(error: unknown): void;
}

const maxRows = 500;
const maxBytes = 4 * 1024 * 1024;
const maxBackoffMs = 2_000;

/**
 * Makes instances durable in batches: one flush is in flight, and what queued up meanwhile is the next (no timer), each tenant in its turn.
 * An outage of the database is waited out; a flush whose answer was lost is sent again under the same writer,
 * which then tells whose each row is.
 */
export class Committer {
  readonly #tables: Tables;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #process = randomBytes(8).toString('hex');
  #flushes = 0n;
  readonly #pending = new Set<Promise<void>>();
  readonly #queue = new FairQueue<Pending>(({ row }) => row.tenantId);
  /** Of instances that the flush before has a change of: the first of the next. */
  #held: Pending[] = [];
  #flushing = false;

  constructor(tables: Tables, logger: Logger, clock: Clock = systemClock) {
    this.#tables = tables;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Resolved once the change is durable or known not to be. TerminalError where the database refuses the row itself. */
  commit(change: Change): Promise<CommitResult> {
    const result = new Promise<CommitResult>((resolve, reject) => {
      this.#queue.add({ ...change, bytes: change.row.journal.length, resolve, reject });
      if (!this.#flushing) void this.#run();
    });
    const settled: Promise<void> = result.then(
      () => void this.#pending.delete(settled),
      () => void this.#pending.delete(settled),
    );
    this.#pending.add(settled);
    return result;
  }

  /** Resolved when every change that was handed over before has its result. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #run(): Promise<void> {
    this.#flushing = true;
    while (this.#queue.size > 0 || this.#held.length > 0) await this.#flush(this.#take(), this.#nextWriter());
    this.#flushing = false;
  }

  /** What fits one flush, each instance once, in the order of its changes: one statement can't compare a row twice. */
  #take(): Pending[] {
    const waiting = [...this.#held, ...this.#queue.take(maxRows - this.#held.length, { maxBytes })];
    const ids = new Set<string>();
    const { batch = [], held = [] } = Object.groupBy(waiting, ({ row: { id } }) => {
      if (ids.has(id)) return 'held';
      ids.add(id);
      return 'batch';
    });
    this.#held = held;
    return batch;
  }

  #nextWriter(): string {
    return `${this.#process}${(++this.#flushes).toString(16).padStart(16, '0')}`;
  }

  /** A row that is refused is found by halving. The halves keep the writer: a part of them may be written already. */
  async #flush(batch: Pending[], writer: string): Promise<void> {
    try {
      const results = await this.#write(batch, writer);
      for (const [index, pending] of batch.entries()) pending.resolve(results[index] as CommitResult);
    } catch (error) {
      if (batch.length > 1) {
        const middle = batch.length >> 1;
        await this.#flush(batch.slice(0, middle), writer);
        await this.#flush(batch.slice(middle), writer);
        return;
      }
      const [pending] = batch as [Pending];
      if (isMissingReference(error)) return pending.resolve('gone');
      pending.reject(
        new TerminalError('row_refused', `Expected the database to take instance ${pending.row.id}, but it refused`, { cause: error }),
      );
    }
  }

  async #write(batch: readonly Pending[], writer: string): Promise<CommitResult[]> {
    for (let backoffMs = 50; ; backoffMs = Math.min(maxBackoffMs, backoffMs * 2)) {
      try {
        return await this.#writeOnce(batch, writer);
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        this.#logger.warn({ code: error.code, rows: batch.length, backoffMs }, 'commit is tried again');
        await this.#clock.sleep(backoffMs);
      }
    }
  }

  async #writeOnce(batch: readonly Pending[], writer: string): Promise<CommitResult[]> {
    const tables = this.#tables;
    await tables.insertSubscriptions(batch.flatMap(subscriptionsOf));
    await tables.insertLiveTaskRuns(batch.flatMap(beginningRunOf));
    const inserts = batch.filter((pending) => pending.expectedRowVersion === null).map((pending) => pending.row);
    const updates = batch.filter((pending) => pending.expectedRowVersion !== null);
    const written =
      (await tables.insertInstances(inserts, writer)) +
      (updates.length > 0 ? await tables.updateInstances(updates, writer, this.#clock.now()) : 0);
    await tables.deleteEndedTaskRuns(updates.filter(({ row }) => row.scheduledTaskId !== null && hasEnded(row)).map(({ row }) => row.id));
    if (written === batch.length) return batch.map(() => 'won');
    const writerById = await tables.findWriters(batch.map((pending) => pending.row.id));
    return batch.map(({ row }) => {
      if (!writerById.has(row.id)) return 'gone';
      return writerById.get(row.id) === writer ? 'won' : 'lost';
    });
  }
}

function hasEnded({ status }: InstanceRow): boolean {
  return status !== 'pending' && status !== 'running';
}

/** Nothing overlaps with a run that begins and ends in one commit. */
function beginningRunOf({ row, begins = false }: Change): TaskRunRow[] {
  const { tenantId, scheduledTaskId: taskId, id: instanceId } = row;
  return begins && taskId !== null && !hasEnded(row) ? [{ tenantId, taskId, instanceId }] : [];
}

function subscriptionsOf({ row, waitsFor = [] }: Change): Subscription[] {
  const { tenantId, entityType, entityId, id: instanceId } = row;
  return waitsFor.map((eventName) => ({ tenantId, eventName, entityType, entityId, instanceId }));
}
