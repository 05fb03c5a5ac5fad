import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';
import type { DeadLetterRow } from './dead-letter-row.ts';

/**
 * Inserts dead letters in one statement and answers how many are new. One that is known by its origin stays as it is, whatever
 * has become of it since: without FOUND_ROWS it counts for nothing. Rows come sorted by origin, so that two writers can't deadlock.
 */
export async function insertDeadLetters(pool: Pool, rows: readonly DeadLetterRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const [result] = await pool.query<ResultSetHeader>(
    `INSERT INTO dead_letters (tenant_id, origin_topic, origin_partition, origin_offset, reason, message, service,
                               record_key, record_value, headers, dead_lettered_at)
     VALUES ${rows.map(values).join(',')}
     ON DUPLICATE KEY UPDATE id = dead_letters.id`,
  );
  return result.affectedRows;
}

function values(row: DeadLetterRow): string {
  const columns = [
    textLiteral(row.tenantId),
    textLiteral(row.originTopic),
    integerLiteral(row.originPartition),
    integerLiteral(row.originOffset),
    textLiteral(row.reason),
    textLiteral(row.message),
    textLiteral(row.service),
    hexLiteral(row.key?.toString('hex') ?? null),
    hexLiteral(row.value?.toString('hex') ?? null),
    textLiteral(JSON.stringify(row.headers)),
    timeLiteral(row.deadLetteredAtMs),
  ];
  return `(${columns.join(',')})`;
}
