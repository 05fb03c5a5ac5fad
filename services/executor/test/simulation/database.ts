import type { AcknowledgedInstance, Enrolment, EnrolmentKey, InstanceRow, InstanceUpdate, Subscription } from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import type { WorkflowVersion } from '@millrace/workflow';
import type { Tables } from '../../src/tables.ts';
import type { SimulatedProcess } from './process.ts';
import type { World } from './world.ts';

export interface StoredRow extends InstanceRow {
  writer: string | null;
  updatedAtMs: number;
}

interface Transaction {
  process: SimulatedProcess;
  isOver: boolean;
}

type Written = (before: StoredRow | undefined, after: StoredRow) => void;

const hasEnded = ({ status }: InstanceRow) => status === 'completed' || status === 'failed' || status === 'cancelled';

/**
 * The tables in memory, with what `libs/db/src/sql` promises of each statement: compares on `row_version`, ids that are unique, `writer`,
 * counts of rows. A statement may be refused, be carried out without an answer, or be carried out long after its caller gave it up.
 */
export class SimulatedDatabase {
  readonly rows = new Map<string, StoredRow>();
  /** Rows of deleted workflows that the janitor has removed. */
  readonly removed = new Set<string>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #versions = new Map<number, Map<number, string>>();
  readonly #enrolments = new Map<string, Enrolment>();
  readonly #lockedBy = new Map<string, Transaction>();
  readonly #world: World;
  readonly #written: Written[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Tells of every row that is written. */
  onWritten(listen: Written): void {
    this.#written.push(listen);
  }

  addVersion(version: WorkflowVersion): void {
    const versions = this.#versions.get(version.id) ?? new Map<number, string>();
    versions.set(version.version, JSON.stringify(version));
    this.#versions.set(version.id, versions);
  }

  /** A row that another service inserts. */
  insertPending(row: InstanceRow): void {
    this.#put({ ...row, writer: null, updatedAtMs: row.createdAtMs });
  }

  /** What the janitor does for a deleted workflow: ended instances go, and the workflow with the last of them. */
  removeEnded(workflowId: number): void {
    const all = [...this.rows.values()].filter((row) => row.workflowId === workflowId);
    for (const row of all) {
      if (!hasEnded(row) || row.wakeAtMs !== null) continue;
      this.rows.delete(row.id);
      this.removed.add(row.id);
    }
    if (all.every((row) => this.removed.has(row.id))) this.#versions.delete(workflowId);
  }

  subscribers(key: Omit<Subscription, 'instanceId'>): string[] {
    return [...this.#subscriptions.values()].filter((each) => placeOf(each) === placeOf(key)).map(({ instanceId }) => instanceId);
  }

  tablesOf(process: SimulatedProcess): Tables {
    const read = <T>(apply: () => T) => this.#call(process, apply);
    const write = read;
    return {
      findInstances: (ids) => read(() => new Map(ids.flatMap((id) => this.#find(id)).map((row) => [row.id, row] as const))),
      findWriters: (ids) => read(() => new Map(ids.flatMap((id) => this.#find(id)).map((row) => [row.id, row.writer] as const))),
      insertInstances: (rows, writer) => (rows.length === 0 ? Promise.resolve(0) : write(() => this.#insert(rows, writer))),
      updateInstances: (updates, writer, nowMs) =>
        updates.length === 0 ? Promise.resolve(0) : write(() => this.#update(updates, writer, nowMs)),
      clearWakeAt: (instances) => write(() => this.#clearWakeAt(instances)),
      insertSubscriptions: (subscriptions) =>
        subscriptions.length === 0
          ? Promise.resolve()
          : write(() => {
              for (const each of subscriptions) this.#subscriptions.set(`${placeOf(each)}/${each.instanceId}`, each);
            }),
      findSubscribers: (key) => read(() => this.subscribers(key)),
      deleteSubscriptions: (ids) => write(() => this.#deleteSubscriptions(new Set(ids))),
      findWorkflowVersion: (workflowId, version) => read(() => this.#versions.get(workflowId)?.get(version) ?? null),
      findLatestVersion: (workflowId) => read(() => Math.max(...(this.#versions.get(workflowId)?.keys() ?? [])) || null),
      insertLiveTaskRuns: async () => {},
      findLiveTaskRuns: async () => new Map(),
      deleteEndedTaskRuns: async () => {},
      enrol: (key, instanceId, atMs, decide) => this.#enrol(process, key, { instanceId, startedAtMs: atMs, refused: [] }, decide),
    };
  }

  #call<T>(process: SimulatedProcess, apply: () => T): Promise<T> {
    const { time, random, faults } = this.#world;
    const latencyMs = () => (random.chance(0.9) ? random.between(0, 3) : random.between(3, 60));
    const isFaulty = random.chance(faults.database);
    const fate = this.#world.isAway('database')
      ? 'refused'
      : isFaulty
        ? random.pick(['refused', 'unanswered', 'late'] as const)
        : 'answered';
    return new Promise((resolve, reject) => {
      const refuse = (ms: number) => time.after(ms, () => process.enter(() => reject(unavailable())));
      if (fate === 'refused' || fate === 'late') refuse(latencyMs());
      if (fate === 'refused') return;
      time.after(latencyMs() + (fate === 'late' ? random.between(1, 3_000) : 0), () => {
        // What a dead process had sent may have reached the server or not.
        if (process.status === 'dead' && random.chance(0.5)) return;
        let answer: () => void;
        try {
          const result = apply();
          answer = () => resolve(result);
        } catch (error) {
          answer = () => reject(error);
        }
        if (fate === 'unanswered') refuse(latencyMs());
        else if (fate === 'answered') time.after(latencyMs(), () => process.enter(answer));
      });
    });
  }

  #find(id: string): StoredRow[] {
    const row = this.rows.get(id);
    return row === undefined ? [] : [row];
  }

  #put(after: StoredRow): void {
    const before = this.rows.get(after.id);
    this.rows.set(after.id, after);
    this.#world.note(
      () =>
        `row ${after.id.slice(0, 6)} v${after.rowVersion} ${after.status} wake ${after.wakeAtMs === null ? '-' : after.wakeAtMs - this.#world.nowMs} ${after.waitingFor ?? ''} ` +
        `+${lastTypes(before, after)}`,
    );
    for (const listen of this.#written) listen(before, after);
  }

  #insert(rows: readonly InstanceRow[], writer: string): number {
    for (const { workflowId } of rows) if (workflowId !== null && !this.#versions.has(workflowId)) throw missingReference();
    const added = rows.filter(({ id }) => !this.rows.has(id));
    for (const row of added) this.#put({ ...row, inbox: null, writer, updatedAtMs: row.createdAtMs });
    return added.length;
  }

  #update(updates: readonly InstanceUpdate[], writer: string, nowMs: number): number {
    let written = 0;
    const compared = updates.map(({ row, journalTail }) => {
      const before = this.rows.get(row.id);
      if (before === undefined) throw missingReference();
      return { row, journalTail, before };
    });
    for (const { row, journalTail, before } of compared) {
      if (before.rowVersion + 1 !== row.rowVersion) continue;
      const { tenantId, workflowId, entityType, entityId, triggeredBy, triggeredByValue, createdAtMs } = before;
      const journal = before.journal.slice(0, -1) + journalTail;
      if (journal !== row.journal) this.#world.break('P8', `instance ${row.id} has another journal than its writer believes`);
      const kept = { tenantId, workflowId, entityType, entityId, triggeredBy, triggeredByValue, createdAtMs, journal };
      this.#put({ ...row, ...kept, writer, updatedAtMs: nowMs });
      written += 1;
    }
    return written;
  }

  #clearWakeAt(instances: readonly AcknowledgedInstance[]): void {
    for (const { id, rowVersion, publishedSeq } of instances) {
      const row = this.rows.get(id);
      if (row?.rowVersion === rowVersion && hasEnded(row)) this.#put({ ...row, wakeAtMs: null, waitingFor: null, publishedSeq });
    }
  }

  #deleteSubscriptions(ids: ReadonlySet<string>): void {
    for (const [key, { instanceId }] of this.#subscriptions) {
      const row = this.rows.get(instanceId);
      if (ids.has(instanceId) && (row === undefined || hasEnded(row))) this.#subscriptions.delete(key);
    }
  }

  /** The row's lock is held until the decision is written, or its caller is dead or has lost the connection: then it isn't written. */
  async #enrol(
    process: SimulatedProcess,
    key: EnrolmentKey,
    own: Enrolment,
    decide: (known: Enrolment) => Promise<Enrolment | null>,
  ): Promise<Enrolment> {
    const place = [key.tenantId, key.workflowId, key.entityType, key.entityId].join('/');
    const transaction: Transaction = { process, isOver: false };
    try {
      while (!(await this.#call(process, () => this.#lock(place, transaction)))) await process.clock.sleep(20);
      const known = this.#enrolments.get(place) ?? own;
      const next = (await decide(known)) ?? known;
      await this.#call(process, () => {
        if (!transaction.isOver) this.#enrolments.set(place, next);
      });
      return next;
    } finally {
      transaction.isOver = true;
    }
  }

  #lock(place: string, transaction: Transaction): boolean {
    const holder = this.#lockedBy.get(place);
    if (transaction.isOver || (holder !== undefined && !holder.isOver && holder.process.status !== 'dead')) return false;
    this.#lockedBy.set(place, transaction);
    return true;
  }
}

function placeOf({ tenantId, eventName, entityType, entityId }: Omit<Subscription, 'instanceId'>): string {
  return [tenantId, eventName, entityType, entityId].join('/');
}

function lastTypes(before: StoredRow | undefined, after: StoredRow): string {
  const seen = before === undefined ? 0 : (JSON.parse(before.journal) as unknown[]).length;
  const added = (JSON.parse(after.journal) as { type: string; action_id?: number }[]).slice(seen);
  return added.map(({ type, action_id: id }) => (id === undefined ? type : `${type}:${id}`)).join(',');
}

function unavailable(): RetryableError {
  return new RetryableError('database_unavailable', 'Expected an answer from the database, but the connection was lost');
}

function missingReference(): Error {
  return Object.assign(new Error('Expected the workflow to be there, but it is gone'), { code: 'ER_NO_REFERENCED_ROW_2' });
}
