import type { Topic } from '@millrace/messages';
import type { KafkaMessage } from 'kafkajs';
import type { Assignment } from './assignment.ts';

export type Headers = Record<string, string | Buffer | (string | Buffer)[] | undefined>;

export interface OutRecord {
  topic: Topic<unknown>;
  tenantId: string;
  /** With `entityId`: all records of one entity lie on one partition. Without: on the tenant's first. */
  entityType?: string;
  entityId?: string;
  /** The tenant's id unless said. */
  key?: string | Buffer | null;
  /** null is a tombstone. */
  value: Buffer | null;
  headers?: Headers;
  /** Overrides the partitioner. */
  partition?: number;
}

export interface InRecord {
  /** The topic's name in the topic table: without the installation's prefix. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  /** What the record counts for in flow control. */
  readonly bytes: number;
  readonly assignment: Assignment;
  /** The record needs nothing more: its offset may be committed. Safe to call again, and after a revoke, when it has no effect. */
  done(): void;
}

const overheadBytes = 200;

export function headerText(record: Pick<InRecord, 'headers'>, name: string): string | undefined {
  const value = record.headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first?.toString();
}

export function sizeOfHeaders(headers: Headers | undefined): number {
  let bytes = 0;
  for (const name in headers) {
    const value = headers[name];
    for (const one of Array.isArray(value) ? value : [value]) bytes += name.length + (one?.length ?? 0) + 10;
  }
  return bytes;
}

/** One fetched record. `settle` is told once. */
export class FetchedRecord implements InRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly bytes: number;
  readonly assignment: Assignment;
  #settle: ((record: FetchedRecord) => void) | undefined;

  constructor(topic: string, partition: number, message: KafkaMessage, assignment: Assignment, settle: (record: FetchedRecord) => void) {
    this.topic = topic;
    this.partition = partition;
    this.offset = message.offset;
    this.timestampMs = Number(message.timestamp);
    this.key = message.key;
    this.value = message.value;
    this.headers = message.headers ?? {};
    this.bytes = overheadBytes + (message.key?.length ?? 0) + (message.value?.length ?? 0) + sizeOfHeaders(this.headers);
    this.assignment = assignment;
    this.#settle = settle;
  }

  done(): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(this);
  }
}
