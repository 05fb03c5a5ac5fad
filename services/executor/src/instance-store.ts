import type { OutRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { counter, type Logger, RetryableError } from '@millrace/runtime';
import type { Clock } from './clock.ts';
import type { CommitResult, Committer } from './committer.ts';
import { createCompletionRecords } from './completion-record.ts';
import { decideEnd } from './instance/decide-end.ts';
import type { Attempt, Outcome } from './instance/decide-outcome.ts';
import { Draft, type Parking } from './instance/draft.ts';
import type { Entry } from './instance/entries.ts';
import { hasEnded } from './instance/state.ts';
import { createLogRecords } from './log-records.ts';
import type { Publisher } from './publisher.ts';
import { redactEntries } from './redact-entries.ts';
import type { Tables } from './tables.ts';
import type { TenantSettings } from './tenant-settings.ts';
import type { CompiledVersion } from './version-cache.ts';
import type { WorkflowStates } from './workflow-states.ts';

const maxBackoffMs = 2_000;

const lateOutcomes = counter(
  'millrace_executor_late_outcomes_total',
  'Outcomes that came after their attempt had one, or its instance had ended',
);

/** Reads instances, makes their changes durable and their entries known. */
export class InstanceStore {
  readonly #clock: Clock;
  readonly #tables: Tables;
  readonly #committer: Committer;
  readonly #publisher: Publisher;
  readonly #codec: Codec;
  readonly #states: WorkflowStates;
  readonly #tenants: Pick<TenantSettings, 'get'>;
  readonly #logger: Logger;

  constructor(parts: {
    clock: Clock;
    tables: Tables;
    committer: Committer;
    publisher: Publisher;
    codec: Codec;
    states: WorkflowStates;
    tenants: Pick<TenantSettings, 'get'>;
    logger: Logger;
  }) {
    this.#clock = parts.clock;
    this.#tables = parts.tables;
    this.#committer = parts.committer;
    this.#publisher = parts.publisher;
    this.#codec = parts.codec;
    this.#states = parts.states;
    this.#tenants = parts.tenants;
    this.#logger = parts.logger;
  }

  /** The rows that exist, by id. Waits out an outage of the database. */
  find(ids: readonly string[]): Promise<Map<string, InstanceRow>> {
    return this.waitOut(() => this.#tables.findInstances(ids));
  }

  /** Runs a read until the database and the registry answer. */
  async waitOut<T>(read: () => Promise<T>): Promise<T> {
    for (let backoffMs = 50; ; backoffMs = Math.min(maxBackoffMs, backoffMs * 2)) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        this.#logger.warn({ code: error.code, backoffMs }, 'read is tried again');
        await this.#clock.sleep(backoffMs);
      }
    }
  }

  /** Makes the draft's entries durable, parked or not. After `won` the draft is what the table holds. */
  async commit(draft: Draft, version: CompiledVersion | null, parking: Parking | null): Promise<CommitResult> {
    const change = draft.change(version?.version ?? null, parking);
    const seq = draft.state.seq;
    const { begins } = draft;
    const waitsFor = begins && !hasEnded(draft.state) ? (version?.waitsFor ?? []) : [];
    const result = await this.#committer.commit({ ...change, waitsFor, begins });
    if (result === 'won') draft.committed(change.row, seq);
    const isFound = result === 'won' && hasEnded(draft.state) && parking !== null;
    if (result === 'gone' || isFound) await this.forget(draft, version);
    return result;
  }

  /**
   * Ends the wait for events of an instance that has ended, or is gone. Not before its entries are acknowledged, where no `wake_at` tells of
   * them: the event that it ended with finds it by its subscription alone, should it have to come again.
   */
  async forget(draft: Draft, version: CompiledVersion | null): Promise<void> {
    if (version !== null && version.waitsFor.length > 0) await this.#unsubscribe(draft);
  }

  #unsubscribe({ row }: Draft): Promise<void> {
    return this.waitOut(() => this.#tables.deleteSubscriptions([row.id]));
  }

  /** Resolved when every change that was handed over before is durable or known not to be. */
  settled(): Promise<void> {
    return this.#committer.settled();
  }

  /** Publishes what is durable and not sent yet, in order; resolved when the brokers have acknowledged it. Never rejected. */
  async publish(draft: Draft, traceparent: string | undefined): Promise<void> {
    const entries = draft.unsent();
    if (entries.length === 0) return;
    const lastSeq = draft.sentSeq + entries.length;
    draft.sentSeq = lastSeq;
    const publishing = draft.inOrder(() => this.waitOut(() => this.#recordsOf(draft, entries, traceparent)));
    const refused = await publishing.then(
      async (records) => (await Promise.allSettled(records.map((record) => this.#publisher.publish(record)))).filter(isRejected),
      (reason) => [{ reason }],
    );
    for (const { reason } of refused) this.#logger.error({ err: reason, instance: draft.row.id }, 'entries could not be published');
    draft.acknowledgedSeq = Math.max(draft.acknowledgedSeq, lastSeq);
  }

  async #recordsOf(draft: Draft, entries: readonly Entry[], traceparent: string | undefined): Promise<OutRecord[]> {
    const { redaction } = await this.#tenants.get(draft.row.tenantId);
    const records = await createLogRecords(this.#codec, draft.row, redactEntries(redaction, draft.journal, entries), traceparent);
    if (!this.#states.areEndsAwaited(draft.row.tenantId)) return records;
    return [...records, ...(await createCompletionRecords(this.#codec, draft, entries, traceparent))];
  }

  /** For an instance that isn't gone on with: publishes what may be unacknowledged and, where it has ended, takes its `wake_at`. */
  async republish(draft: Draft, traceparent: string | undefined): Promise<void> {
    await this.publish(draft, traceparent);
    if (!hasEnded(draft.state) || draft.row.wakeAtMs === null) return;
    const acknowledged = { id: draft.row.id, rowVersion: draft.row.rowVersion, publishedSeq: draft.acknowledgedSeq };
    await this.waitOut(() => this.#tables.clearWakeAt([acknowledged]));
  }

  /** For an event that came to an instance which has ended: a crash after the end may have left its subscriptions. */
  async unsubscribe(draft: Draft): Promise<void> {
    if (hasEnded(draft.state)) await this.#unsubscribe(draft);
  }

  /** Fails a live instance; does nothing for another. */
  async fail(instanceId: string, reason: string): Promise<void> {
    const row = (await this.find([instanceId])).get(instanceId);
    if (row === undefined) return;
    const draft = Draft.of(row);
    if (hasEnded(draft.state)) return;
    draft.add(decideEnd(draft.state, 'failed', reason, this.#clock.now()));
    await this.commit(draft, null, { wakeAtMs: this.#clock.now(), waitingFor: 'turn' });
  }

  /**
   * Records an outcome whose caller no longer holds the instance: after a lost compare, or a call that outlasted its input.
   * Decided against the stored state, so it is dropped only where that attempt has an outcome already or the instance has
   * ended. Whoever the instance belongs to is woken at once.
   */
  async recordOutcome(instanceId: string, version: CompiledVersion, attempt: Attempt, outcome: Outcome): Promise<void> {
    for (;;) {
      const row = (await this.find([instanceId])).get(instanceId);
      if (row === undefined) return;
      const draft = Draft.of(row);
      draft.record(version.version.actions, attempt, outcome, this.#clock.now(), this.#clock.random());
      if (!draft.hasChanges) return lateOutcomes.add();
      if ((await this.commit(draft, version, { wakeAtMs: this.#clock.now(), waitingFor: 'turn' })) !== 'lost') return;
    }
  }
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}
