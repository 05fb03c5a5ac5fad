import type { InRecord } from '@millrace/bus';
import { type Database, type DeadLetterRow, insertDeadLetters, isRowFault } from '@millrace/db';
import type { Logger } from '@millrace/runtime';
import { metrics } from '../metrics.ts';
import { createDeadLetterRow } from './dead-letter-row.ts';

interface Dependencies {
  db: Database;
  topicPrefix: string;
  logger: Logger;
}

const mostRows = 200;
const mostBytes = 2 * 1024 * 1024;
/** Twice as many digits must fit into a statement, of which MariaDB takes 16 MB unless told; it hangs up on longer ones. */
const largestBytes = 7 * 1024 * 1024;

/**
 * Puts records of dead-letter topics into their table, and only then their offsets. Throws while the database is away; safe to repeat,
 * as a letter has one row however often it comes. What the table refuses is logged, and stays in its topic: there is no further one.
 */
export async function writeDeadLetters(records: readonly InRecord[], { db, topicPrefix, logger }: Dependencies): Promise<void> {
  const current = records.filter((record) => !record.assignment.isRevoked());
  const rows = current.map((record) => createDeadLetterRow(record, topicPrefix)).sort(byOrigin);
  let inserted = 0;
  let refused = 0;
  for (const chunk of split(rows)) {
    const written = await writeRows(db, chunk);
    inserted += written.inserted;
    refused += written.refused.length;
    for (const { row, error } of written.refused) logger.error({ err: error, ...originOf(row) }, 'a dead letter was refused by its table');
  }
  for (const record of records) record.done();
  metrics.deadLettersInserted.add(inserted);
  metrics.deadLettersRefused.add(refused);
  metrics.deadLettersRepeated.add(rows.length - inserted - refused);
}

interface Written {
  inserted: number;
  refused: { row: DeadLetterRow; error: unknown }[];
}

/** What the table refuses is found by halving, and the rest is written. */
async function writeRows(db: Database, rows: readonly DeadLetterRow[]): Promise<Written> {
  const [first] = rows;
  if (first === undefined) return { inserted: 0, refused: [] };
  if (bytesOf(first) > largestBytes) {
    const error = new RangeError(`Expected at most ${largestBytes} bytes, but the record has ${bytesOf(first)}`);
    return { inserted: 0, refused: [{ row: first, error }] };
  }
  try {
    return { inserted: await insertDeadLetters(db.pool, rows), refused: [] };
  } catch (error) {
    if (!isRowFault(error)) throw error;
    if (rows.length === 1) return { inserted: 0, refused: [{ row: first, error }] };
  }
  const middle = rows.length >> 1;
  const one = await writeRows(db, rows.slice(0, middle));
  const other = await writeRows(db, rows.slice(middle));
  return { inserted: one.inserted + other.inserted, refused: [...one.refused, ...other.refused] };
}

/** By number, and by size, as the server takes no statement of any length. */
function split(rows: readonly DeadLetterRow[]): DeadLetterRow[][] {
  const chunks: DeadLetterRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const own = bytesOf(row);
    const last = chunks.at(-1);
    bytes += own;
    if (last !== undefined && last.length < mostRows && bytes <= mostBytes) last.push(row);
    else {
      chunks.push([row]);
      bytes = own;
    }
  }
  return chunks;
}

function bytesOf({ key, value }: DeadLetterRow): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}

const originOf = ({ originTopic: topic, originPartition: partition, originOffset: offset }: DeadLetterRow) => ({
  topic,
  partition,
  offset,
});

function byOrigin(a: DeadLetterRow, b: DeadLetterRow): number {
  if (a.originTopic !== b.originTopic) return a.originTopic < b.originTopic ? -1 : 1;
  return a.originPartition - b.originPartition || a.originOffset - b.originOffset;
}
