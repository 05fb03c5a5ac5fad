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

/** By id, which is the order in which they came: the newest first, or the oldest from the one after `afterId` on. */
export type DeadLetterPage = { limit: number } & ({ order: 'newest'; offset?: number } | { order: 'oldest'; afterId: number });

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
  const [packets] =
    page.order === 'newest'
      ? await pool.query<SummaryPacket[]>(`SELECT ${summaryColumns} FROM dead_letters WHERE ${where} ORDER BY id DESC LIMIT ? OFFSET ?`, [
          ...values,
          page.limit,
          page.offset ?? 0,
        ])
      : await pool.query<SummaryPacket[]>(`SELECT ${summaryColumns} FROM dead_letters WHERE ${where} AND id > ? ORDER BY id LIMIT ?`, [
          ...values,
          page.afterId,
          page.limit,
        ]);
  return packets.map(toSummary);
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
