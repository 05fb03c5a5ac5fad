import type { Pool } from 'mysql2/promise';
import { parseJson } from '../../json.ts';
import type { DeadLetterHeader, DeadLetterRow } from './dead-letter-row.ts';
import { type DeadLetterSummary, type SummaryPacket, summaryColumns, toSummary } from './find-dead-letters.ts';

interface Packet extends SummaryPacket {
  record_key: Buffer | null;
  record_value: Buffer | null;
  headers: unknown;
}

/** A dead letter with its bytes; null where there is none with this id. */
export async function findDeadLetter(pool: Pool, id: number): Promise<(DeadLetterSummary & DeadLetterRow) | null> {
  const [packets] = await pool.query<Packet[]>(
    `SELECT ${summaryColumns}, record_key, record_value, headers FROM dead_letters WHERE id = ?`,
    [id],
  );
  const packet = packets[0];
  if (packet === undefined) return null;
  return {
    ...toSummary(packet),
    key: packet.record_key,
    value: packet.record_value,
    headers: parseJson(packet.headers) as DeadLetterHeader[],
  };
}
