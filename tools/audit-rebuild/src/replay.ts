import { type LogItem, orderItems, readLogItems, splitItems, writeItems } from '@millrace/audit-logger';
import { type Bus, type InRecord, readCompacted } from '@millrace/bus';
import type { Database } from '@millrace/db';
import { topics } from '@millrace/messages';
import { RetryableError, TerminalError } from '@millrace/runtime';

/** What reading the topic to its end has given. */
export interface Replay {
  records: number;
  inserted: number;
  repeated: number;
  /** Entries of instances that the copy doesn't have. */
  dropped: number;
  /** Records, or entries of them, that nobody can read or the tables refuse. */
  bad: number;
  /** By instance, the highest seq that the topic holds. About 150 bytes each. */
  lastSeqById: Map<string, number>;
  /** By partition, the time of its first record, ms. */
  firstRecordAt: Map<number, number>;
  /** By partition, the next offset after what was read. */
  readTo: Map<number, bigint>;
}

const recordsAtOnce = 1_000;

/** Writes all that the topic holds into the tables of history, by the audit logger's own code. */
export async function replay(bus: Bus, copy: Database): Promise<Replay> {
  const result: Replay = {
    ...{ records: 0, inserted: 0, repeated: 0, dropped: 0, bad: 0 },
    ...{ lastSeqById: new Map(), firstRecordAt: new Map(), readTo: new Map() },
  };
  const failed = new AbortController();
  let items: LogItem[] = [];
  let waiting = 0;
  const flush = async () => {
    for (const chunk of splitItems(orderItems(items))) {
      const { inserted, repeated, dropped, bad } = await writeItems(copy, chunk);
      result.inserted += inserted;
      result.repeated += repeated;
      result.dropped += dropped;
      result.bad += bad.length;
    }
    items = [];
    waiting = 0;
  };
  const reading = readCompacted({
    bus,
    topic: topics.executionLog,
    signal: failed.signal,
    async onRecord(key, value, { partition, offset, timestampMs, headers }) {
      if (failed.signal.aborted) return;
      try {
        result.records += 1;
        if (!result.firstRecordAt.has(partition)) result.firstRecordAt.set(partition, timestampMs);
        const record = recordOf({ key: Buffer.from(key), value, partition, offset, timestampMs, headers });
        for (const item of await readLogItems(bus.codec, record)) {
          const { instance_id: id } = item.header;
          result.lastSeqById.set(id, Math.max(item.entry.seq, result.lastSeqById.get(id) ?? 0));
          items.push(item);
        }
        waiting += 1;
        if (waiting >= recordsAtOnce) await flush();
      } catch (error) {
        if (error instanceof TerminalError) result.bad += 1;
        else failed.abort(error instanceof RetryableError ? new Error(error.message, { cause: error }) : error);
      }
    },
  });
  await using reader = await reading;
  await flush();
  for (const [partition, offset] of Object.entries(reader.appliedOffsets())) result.readTo.set(Number(partition), BigInt(offset));
  return result;
}

function recordOf(record: Pick<InRecord, 'key' | 'value' | 'partition' | 'offset' | 'timestampMs' | 'headers'>): InRecord {
  const assignment = { generation: 1, isCurrent: () => true, isRevoked: () => false };
  return { ...record, topic: topics.executionLog.name, bytes: 0, assignment, done: () => {} };
}
