import type { Bus, InRecord } from '@millrace/bus';
import type { Database } from '@millrace/db';
import { type Codec, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { type LogItem, orderItems, splitItems } from './log-item.ts';
import { metrics } from './metrics.ts';
import { writeItems } from './write-items.ts';

interface Dependencies {
  bus: Bus;
  codec: Codec;
  db: Database;
}

/**
 * Handles a batch: rows in, bad records to the dead-letter topic, and only then the offsets. Throws while the database,
 * Kafka or the registry is away; safe to repeat, as an entry has one row however often it comes.
 */
export async function writeBatch(records: readonly InRecord[], { bus, codec, db }: Dependencies): Promise<void> {
  const startedMs = performance.now();
  const current = records.filter((record) => !record.assignment.isRevoked());
  const reasons = new Map<InRecord, { reason: string; message: string }>();
  const items: LogItem[] = [];
  for (const record of current) {
    try {
      items.push(...(await readItems(codec, record)));
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      reasons.set(record, { reason: error.code, message: error.message });
    }
  }
  const written = [];
  for (const chunk of splitItems(orderItems(items))) written.push(await writeItems(db, chunk));
  for (const { item, message } of written.flatMap(({ bad }) => bad)) reasons.set(item.record, { reason: 'row_refused', message });
  await Promise.all([...reasons].map(([record, { reason, message }]) => bus.deadLetter(record, reason, message)));
  for (const record of records) record.done();

  metrics.records.add(current.length);
  for (const { inserted, repeated, dropped } of written) {
    metrics.inserted.add(inserted);
    metrics.repeated.add(repeated);
    metrics.dropped.add(dropped);
  }
  for (const { reason } of reasons.values()) metrics.deadLettered.add(1, { reason });
  metrics.flushSeconds.record((performance.now() - startedMs) / 1000);
  const newest = items.reduce((latest, { entry }) => Math.max(latest, entry.at), 0);
  if (newest > 0) metrics.ageSeconds.record(Math.max(0, Date.now() - newest) / 1000);
}

async function readItems(codec: Codec, record: InRecord): Promise<LogItem[]> {
  const decoded = codec.decode(topics.executionLog, record.value);
  const { entries, ...header } = decoded instanceof Promise ? await decoded : decoded;
  const key = record.key?.toString('utf8') ?? '';
  if (key !== header.tenant_id)
    throw new TerminalError('tenant_mismatch', `Expected the key to be the tenant ${header.tenant_id}, but it is ${key || 'empty'}`);
  if (!/^[0-9a-f]{32}$/.test(header.instance_id))
    throw new TerminalError('log_invalid', `Expected an instance id of 32 hexadecimal digits, but got ${header.instance_id.slice(0, 64)}`);
  return entries.map((entry) => ({ header, entry, record }));
}
