import type { InstanceRow } from '@millrace/db';
import type { WorkflowVersion } from '@millrace/workflow';
import { append, hasEnded } from './decide-outcome.ts';
import { progressOfInstance } from './decide-step.ts';
import type { Entry, NewEntry } from './entries.ts';
import { evolve, fixesNow, type InstanceState, initialState } from './state.ts';

/** What a row waits for; null: it belongs to an input. */
export interface Parking {
  wakeAtMs: number;
  waitingFor: 'delay' | 'retry' | 'turn' | 'action' | 'event';
}

/** An instance in memory: the row as it was last durable, its state, and the entries decided since. */
export class Draft {
  readonly journal: Entry[];
  state: InstanceState;
  /** Entries of the journal above this seq aren't durable yet. */
  #durableSeq: number;
  #row: InstanceRow;
  /** Null: the row isn't in the table yet. */
  #durableRowVersion: number | null;
  /** Entries up to this seq have been acknowledged by the brokers, as far as this process knows. */
  acknowledgedSeq: number;
  /** Entries up to this seq have been handed to the publisher by this process, or are known to be acknowledged. */
  sentSeq: number;

  private constructor(row: InstanceRow, durable: boolean) {
    this.#row = row;
    this.#durableRowVersion = durable ? row.rowVersion : null;
    this.journal = JSON.parse(row.journal) as Entry[];
    this.state = this.journal.reduce(evolve, initialState);
    this.#durableSeq = this.state.seq;
    this.acknowledgedSeq = row.publishedSeq;
    this.sentSeq = row.publishedSeq;
  }

  /** From a row of the table. */
  static of(row: InstanceRow): Draft {
    return new Draft(row, true);
  }

  /** An instance that isn't in the table yet. */
  static create(header: Omit<InstanceRow, keyof typeof emptyRow>): Draft {
    return new Draft({ ...header, ...emptyRow }, false);
  }

  get row(): InstanceRow {
    return this.#row;
  }

  get isDurable(): boolean {
    return this.#durableRowVersion !== null;
  }

  get hasChanges(): boolean {
    return this.state.seq > this.#durableSeq;
  }

  /** Whether an entry that isn't durable yet fixes the `now` of the next action: a repeat after a crash would fix another. */
  get fixesNow(): boolean {
    return this.#pending().some(
      (entry) => (entry.type === 'action_completed' || entry.type === 'action_failed') && fixesNow(entry.action_type),
    );
  }

  /** Whether the next commit begins the instance, or a retry by hand of it: it then waits for its events. */
  get begins(): boolean {
    return this.#pending().some((entry) => entry.type === 'instance_started' || entry.type === 'retry_requested');
  }

  add(entries: readonly NewEntry[]): void {
    const next = append(this.state, entries);
    this.state = next.state;
    this.journal.push(...next.entries);
    for (const entry of entries) {
      if (entry.type === 'retry_requested') this.#row = { ...this.#row, workflowVersion: entry.detail.workflow_version };
    }
  }

  #pending(): Entry[] {
    return this.journal.slice(this.#durableSeq);
  }

  /** Durable entries that nobody here has handed to the publisher yet. */
  unsent(): Entry[] {
    return this.journal.slice(this.sentSeq, this.#durableSeq);
  }

  /** The row as it is to be made durable now, and the version that the stored one must have. */
  change(version: WorkflowVersion | null, parking: Parking | null): { row: InstanceRow; expectedRowVersion: number | null } {
    const { state } = this;
    return {
      expectedRowVersion: this.#durableRowVersion,
      row: {
        ...this.#row,
        status: state.status,
        progress: Math.max(this.#row.progress, progressOfInstance(state, version)),
        executedActions: state.executedActions,
        failedActions: state.failedActions,
        rowVersion: (this.#durableRowVersion ?? 0) + 1,
        journal: JSON.stringify(this.journal),
        publishedSeq: this.acknowledgedSeq,
        wakeAtMs: parking?.wakeAtMs ?? null,
        waitingFor: parking?.waitingFor ?? null,
        inbox: null,
        startedAtMs: state.startedAtMs,
        completedAtMs: hasEnded(state) ? state.completedAtMs : null,
      },
    };
  }

  /** The row that `change` gave, with the entries up to `seq`, is durable. */
  committed(row: InstanceRow, seq: number): void {
    this.#row = row;
    this.#durableRowVersion = row.rowVersion;
    this.#durableSeq = seq;
  }
}

const emptyRow = {
  status: 'pending' as const,
  progress: 0,
  executedActions: 0,
  failedActions: 0,
  rowVersion: 0,
  journal: '[]',
  publishedSeq: 0,
  wakeAtMs: null,
  waitingFor: null,
  inbox: null,
  startedAtMs: null,
  completedAtMs: null,
};
