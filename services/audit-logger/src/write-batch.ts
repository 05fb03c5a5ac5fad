import type { Bus, InRecord } from '@millrace/bus';
import type { Database } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { type Logger, TerminalError } from '@millrace/runtime';
import { type LogItem, orderItems, splitItems } from './log-item.ts';
import { metrics } from './metrics.ts';
import { readLogItems } from './read-log-items.ts';
import { type Written, writeItems } from './write-items.ts';

interface Dependencies {
  bus: Bus;
  codec: Codec;
  db: Database;
  logger: Logger;
}

/**
 * Handles a batch: rows in, bad records to the dead-letter topic, and only then the offsets. Throws while the database,
 * Kafka or the registry is away; safe to repeat, as an entry has one row however often it comes.
 */
export async function writeBatch(records: readonly InRecord[], { bus, codec, db, logger }: Dependencies): Promise<void> {
  const startedMs = performance.now();
  const current = records.filter((record) => !record.assignment.isRevoked());
  const faults = new Map<InRecord, TerminalError>();
  const items: LogItem[] = [];
  for (const record of current) {
    try {
      items.push(...(await readLogItems(codec, record)));
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      faults.set(record, error);
    }
  }
  const written = await writeChunks(db, splitItems(orderItems(items)));
  for (const { item, message } of written.flatMap(({ bad }) => bad)) faults.set(item.record, new TerminalError('row_refused', message));
  await Promise.all([...faults].map(([record, fault]) => bury(record, fault, bus, logger)));
  for (const record of records) record.done();

  metrics.records.add(current.length);
  for (const { inserted, repeated, dropped } of written) {
    metrics.inserted.add(inserted);
    metrics.repeated.add(repeated);
    metrics.dropped.add(dropped);
  }
  metrics.flushSeconds.record((performance.now() - startedMs) / 1000);
  const newest = items.reduce((latest, { entry }) => Math.max(latest, entry.at), 0);
  if (newest > 0) metrics.ageSeconds.record(Math.max(0, Date.now() - newest) / 1000);
}

const lanes = 2;

/** Two at a time: while the database works for one, the next one's statements are made. What one throws is thrown when none runs any more. */
async function writeChunks(db: Database, chunks: readonly LogItem[][]): Promise<Written[]> {
  const left = [...chunks];
  const written: Written[] = [];
  const lane = async () => {
    for (let chunk = left.shift(); chunk !== undefined; chunk = left.shift()) written.push(await writeItems(db, chunk));
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return written;
}

/** Without the payload: it may hold what nobody but the tenant may read. */
async function bury(record: InRecord, { code, message }: TerminalError, bus: Bus, logger: Logger): Promise<void> {
  await bus.deadLetter(record, code, message);
  const { topic, partition, offset } = record;
  logger.warn({ code, topic, partition, offset }, 'dead letter');
  metrics.deadLettered.add(1, { reason: code });
}
