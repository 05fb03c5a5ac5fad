import { type Database, findLiveInstances, type LiveInstance, translateDatabaseError } from '@millrace/db';
import { type Codec, topics } from '@millrace/messages';
import { type Batches, counter, type Logger, startBatches } from '@millrace/runtime';
import type { Publisher } from './publisher.ts';

interface Retired {
  workflowId: number;
  /** `workflow_deleted` or `workflow_disabled`. */
  reason: string;
  isLast: boolean;
}

const pageSize = 500;
/** An executor that hears of the change a little later may let an instance start until then. */
const lateMs = 3_000;

const sent = counter(
  'millrace_executor_retired_instances_total',
  'Cancels sent to instances of workflows that were deleted, or disabled with cancel',
);

/**
 * Cancels the live instances of workflows that were deleted, or disabled with `cancel`, page by page: each by a command to whoever holds it.
 * Every executor does so for itself; what comes twice decides to nothing.
 */
export class Retirement implements AsyncDisposable {
  readonly #database: Database;
  readonly #publisher: Publisher;
  readonly #codec: Codec;
  readonly #batches: Batches<Retired>;

  constructor(parts: { database: Database; publisher: Publisher; codec: Codec; logger: Logger }) {
    this.#database = parts.database;
    this.#publisher = parts.publisher;
    this.#codec = parts.codec;
    this.#batches = startBatches({
      name: 'retirement',
      maxItems: 1,
      logger: parts.logger,
      runBatch: ([retired]) => this.#cancelAll(retired as Retired),
    });
  }

  retire(workflowId: number, reason: string): void {
    this.#batches.push([{ workflowId, reason, isLast: false }]);
  }

  async #cancelAll({ workflowId, reason, isLast }: Retired): Promise<void> {
    let page: LiveInstance[];
    let last: LiveInstance | null = null;
    do {
      page = await findLiveInstances(this.#database.pool, workflowId, last, pageSize).catch((error: unknown) => {
        throw translateDatabaseError(error);
      });
      await Promise.all(page.map((instance) => this.#cancel(instance, reason)));
      sent.add(page.length, { reason });
      last = page.at(-1) ?? null;
    } while (page.length === pageSize);
    if (!isLast) setTimeout(() => this.#batches.push([{ workflowId, reason, isLast: true }]), lateMs).unref();
  }

  async #cancel({ id, tenantId, entityType, entityId, rowVersion }: LiveInstance, reason: string): Promise<void> {
    const value = await this.#codec.encode(topics.workflowCommands, {
      tenant_id: tenantId,
      instance_id: id,
      entity_type: entityType,
      entity_id: entityId,
      command: { 'millrace.CancelInstance': { row_version: rowVersion, requested_by: 'millrace', reason } },
    });
    await this.#publisher.publish({ topic: topics.workflowCommands, tenantId, entityType, entityId, value });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#batches[Symbol.asyncDispose]();
  }
}
