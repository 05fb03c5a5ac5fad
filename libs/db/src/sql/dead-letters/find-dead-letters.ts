import type { Pool, RowDataPacket } from 'mysql2/promise';
import { type DeadLetterFilter, whereDeadLetters } from './dead-letter-filter.ts';
import type { DeadLetterRow, DeadLetterState } from './dead-letter-row.ts';

/** A dead letter without its bytes. */
export interface DeadLetterSummary extends Omit<DeadLetterRow, 'key' | 'value' | 'headers'> {
  id: number;
  /** null is a tombstone. */
  valueBytes: number | null;
  state: DeadLetterState;
  replays: number;
  replayedAtMs: number | null;
  discardedAtMs: number | null;
}

/** The newest first; or in the order in which the records lay on their partitions, those after `after`, of what has come up to `lastId`. */
export type DeadLetterPage = { limit: number } & (
  | { order: 'newest'; offset?: number }
  | { order: 'origin'; after: DeadLetterOrigin | null; lastId: number }
);

export type DeadLetterOrigin = Pick<DeadLetterRow, 'originTopic' | 'originPartition' | 'originOffset'>;

export const summaryColumns = `id, tenant_id, origin_topic, origin_partition, origin_offset, reason, message, service,
  LENGTH(record_value) AS value_bytes, dead_lettered_at, state, replays, replayed_at, discarded_at`;

export interface SummaryPacket extends RowDataPacket {
  id: number;
  tenant_id: string;
  origin_topic: string;
  origin_partition: number;
  origin_offset: number;
  reason: string;
  message: string;
  service: string;
  value_bytes: number | null;
  dead_lettered_at: Date;
  state: DeadLetterState;
  replays: number;
  replayed_at: Date | null;
  discarded_at: Date | null;
}

export async function findDeadLetters(pool: Pool, filter: DeadLetterFilter, page: DeadLetterPage): Promise<DeadLetterSummary[]> {
  const { where, values } = whereDeadLetters(filter);
  const { from, fromValues } = startOf(page);
  const [packets] = await pool.query<SummaryPacket[]>(`SELECT ${summaryColumns} FROM dead_letters WHERE ${where} ${from}`, [
    ...values,
    ...fromValues,
  ]);
  return packets.map(toSummary);
}

function startOf(page: DeadLetterPage): { from: string; fromValues: unknown[] } {
  if (page.order === 'newest') return { from: 'ORDER BY id DESC LIMIT ? OFFSET ?', fromValues: [page.limit, page.offset ?? 0] };
  const { originTopic, originPartition, originOffset } = page.after ?? { originTopic: '', originPartition: 0, originOffset: 0 };
  return {
    from: `AND id <= ? AND (origin_topic, origin_partition, origin_offset) > (?, ?, ?)
      ORDER BY origin_topic, origin_partition, origin_offset LIMIT ?`,
    fromValues: [page.lastId, originTopic, originPartition, originOffset, page.limit],
  };
}

export function toSummary(packet: SummaryPacket): DeadLetterSummary {
  return {
    id: packet.id,
    tenantId: packet.tenant_id,
    originTopic: packet.origin_topic,
    originPartition: packet.origin_partition,
    originOffset: packet.origin_offset,
    reason: packet.reason,
    message: packet.message,
    service: packet.service,
    valueBytes: packet.value_bytes,
    deadLetteredAtMs: packet.dead_lettered_at.getTime(),
    state: packet.state,
    replays: packet.replays,
    replayedAtMs: packet.replayed_at?.getTime() ?? null,
    discardedAtMs: packet.discarded_at?.getTime() ?? null,
  };
}
