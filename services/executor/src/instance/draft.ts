import type { InstanceRow } from '@millrace/db';
import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import { append } from './append.ts';
import { type Attempt, contextTooLarge, decideOutcome, type Outcome } from './decide-outcome.ts';
import { progressOfInstance } from './decide-step.ts';
import type { Entry, NewEntry } from './entries.ts';
import { evolve, isBeyondRepeat } from './evolve.ts';
import { hasEnded, type InstanceState, initialState } from './state.ts';

/** Of a journal beside its start event. */
const mostBytes = 256 * 1024;
const triedAgain = new Set<Entry['type']>(['attempt_failed', 'run_retried']);

/** What a row waits for; null: it belongs to an input. */
export interface Parking {
  wakeAtMs: number;
  waitingFor: 'delay' | 'retry' | 'turn' | 'action' | 'event';
}

export interface DraftChange {
  row: InstanceRow;
  /** Null: it isn't in the table yet. */
  expectedRowVersion: number | null;
  /** What follows the stored journal without its last bracket. */
  journalTail: string;
}

/** Entries with their places, what the state is with them, and their JSON texts: each is written once. */
interface Placed {
  state: InstanceState;
  entries: Entry[];
  texts: string[];
}

/** An instance in memory: the row as it was last durable, its state, and the entries decided since. */
export class Draft {
  readonly journal: Entry[];
  state: InstanceState;
  /** The journal's JSON text without its last bracket: an entry is written once. */
  #text: string;
  /** How much of the text the stored journal holds. */
  #durableLength: number;
  /** Entries of the journal above this seq aren't durable yet. */
  #durableSeq: number;
  #row: InstanceRow;
  /** Null: the row isn't in the table yet. */
  #durableRowVersion: number | null;
  /** Entries up to this seq have been acknowledged by the brokers, as far as this process knows. */
  acknowledgedSeq: number;
  /** Entries up to this seq have been handed to the publisher by this process, or are known to be acknowledged. */
  sentSeq: number;
  #lastInOrder: Promise<unknown> = Promise.resolve();

  private constructor(row: InstanceRow, durable: boolean) {
    this.#row = row;
    this.#durableRowVersion = durable ? row.rowVersion : null;
    this.journal = JSON.parse(row.journal) as Entry[];
    this.#text = row.journal.slice(0, -1);
    this.#durableLength = this.#text.length;
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

  /** Whether the row in the table says all that the draft does, parked or not. */
  isAlready(parking: Parking | null): boolean {
    const { wakeAtMs, waitingFor } = this.#row;
    return this.isDurable && !this.hasChanges && wakeAtMs === (parking?.wakeAtMs ?? null) && waitingFor === (parking?.waitingFor ?? null);
  }

  /** Whether an entry that isn't durable yet could be decided otherwise by a repeat: nothing may follow from it. */
  get isBeyondRepeat(): boolean {
    return this.#pending().some(isBeyondRepeat);
  }

  /** Whether the next commit begins the instance, or a retry by hand of it: it then waits for its events. */
  get begins(): boolean {
    return this.#pending().some((entry) => entry.type === 'instance_started' || entry.type === 'retry_requested');
  }

  add(entries: readonly NewEntry[]): void {
    this.#append(this.#place(entries));
  }

  #place(entries: readonly NewEntry[]): Placed {
    const placed = append(this.state, entries);
    return { ...placed, texts: placed.entries.map((entry) => JSON.stringify(entry)) };
  }

  #append({ state, entries, texts }: Placed): void {
    this.state = state;
    for (const [at, entry] of entries.entries()) {
      this.#text += this.journal.length === 0 ? texts[at] : `,${texts[at]}`;
      this.journal.push(entry);
      if (entry.type === 'retry_requested') this.#row = { ...this.#row, workflowVersion: entry.detail.workflow_version };
    }
  }

  /** Records what came of an attempt. Where the journal has no room for what it gave, or for another try, the action has failed. */
  record(nodes: readonly ActionNode[], attempt: Attempt, outcome: Outcome, atMs: number, random: number): void {
    const placed = this.#place(decideOutcome(this.state, nodes, attempt, outcome, atMs, random));
    const isEnd = (outcome.kind === 'failed' || outcome.kind === 'unknown') && !placed.entries.some(({ type }) => triedAgain.has(type));
    if (isEnd || this.#hasRoomFor(placed)) this.#append(placed);
    else this.add(decideOutcome(this.state, nodes, attempt, tooLarge(outcome), atMs, random));
  }

  /** Whether the journal of a live instance has room for the entries. */
  hasRoomFor(entries: readonly NewEntry[]): boolean {
    return this.#hasRoomFor(this.#place(entries));
  }

  /** Whether the journal with these entries, beside its start event, is as small as it has to be. */
  #hasRoomFor({ texts }: Placed): boolean {
    const added = texts.join(',');
    // A character has at most three bytes.
    if ((this.#text.length + added.length) * 3 <= mostBytes) return true;
    const [start] = this.journal;
    const startBytes = start === undefined ? 0 : Buffer.byteLength(JSON.stringify(start));
    return Buffer.byteLength(this.#text) - startBytes + Buffer.byteLength(added) <= mostBytes;
  }

  #pending(): Entry[] {
    return this.journal.slice(this.#durableSeq);
  }

  /** Durable entries that nobody here has handed to the publisher yet. */
  unsent(): Entry[] {
    return this.journal.slice(this.sentSeq, this.#durableSeq);
  }

  /** Runs one after the other: entries must reach the publisher in the order of the journal. */
  inOrder<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#lastInOrder.then(run);
    this.#lastInOrder = running.catch(() => undefined);
    return running;
  }

  /** The row as it is to be made durable now, the version that the stored one must have, and what its journal lacks. */
  change(version: WorkflowVersion | null, parking: Parking | null): DraftChange {
    const { state } = this;
    return {
      expectedRowVersion: this.#durableRowVersion,
      journalTail: `${this.#text.slice(this.#durableLength)}]`,
      row: {
        ...this.#row,
        status: state.status,
        progress: version === null ? this.#row.progress : progressOfInstance(state, version),
        executedActions: state.executedActions,
        failedActions: state.failedActions,
        rowVersion: (this.#durableRowVersion ?? 0) + 1,
        journal: `${this.#text}]`,
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
    this.#durableLength = row.journal.length - 1;
    this.#durableSeq = seq;
  }
}

function tooLarge(outcome: Outcome): Outcome {
  return {
    kind: 'failed',
    code: contextTooLarge,
    message: `Expected at most ${mostBytes} bytes in an instance's journal, but with this there are more`,
    durationMs: outcome.kind === 'completed' || outcome.kind === 'failed' ? outcome.durationMs : 0,
    retryable: false,
    retryAfterMs: null,
    input: null,
  };
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
