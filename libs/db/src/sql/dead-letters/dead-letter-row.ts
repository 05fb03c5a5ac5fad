/** What an operator has done with a dead letter. */
export const deadLetterStates = ['waiting', 'replayed', 'discarded'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** A header of a record: its value as base64, since it may be any bytes. A name may come more than once. */
export type DeadLetterHeader = [name: string, base64: string];

/** A record that could not be handled. Where it lay first is its identity. */
export interface DeadLetterRow {
  /** Empty where the record's key is no tenant's. */
  tenantId: string;
  /** Without the installation's prefix. */
  originTopic: string;
  originPartition: number;
  originOffset: number;
  reason: string;
  message: string;
  /** Which service gave it up. */
  service: string;
  key: Buffer | null;
  /** null is a tombstone. */
  value: Buffer | null;
  /** Those that the record came with. */
  headers: DeadLetterHeader[];
  deadLetteredAtMs: number;
}
